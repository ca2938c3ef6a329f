"""Who belongs to a workspace."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import ForeignKey
from django.forms import ModelChoiceField, TextInput
from django.http import HttpRequest

from sessions_app.admin.configuration import SET_UP, ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.models import Membership


@admin.register(Membership)
class MembershipAdmin(ConfigurationAdmin):
    """Supervisors make a team of logins that exist, in their own workspaces. Logins themselves are for superusers."""

    supervisors_may = SET_UP
    fixed_fields = ("workspace", "user")
    list_display = ["user", "workspace", "role"]
    list_filter = ["role", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__username", "workspace__name"]
    autocomplete_fields = ["user", "workspace"]

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return ["user", "workspace"] if request.user.is_superuser else ["workspace"]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """A supervisor must know a login's name: a list of them would show everybody of every workspace."""
        if db_field.name == "user" and not request.user.is_superuser:
            kwargs["form_class"] = LoginNameField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LoginNameField(ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A login, by its whole name."""

    default_error_messages = {"invalid_choice": "No active login has this name."}

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {"queryset": User.objects.filter(is_active=True), "to_field_name": "username"}
        super().__init__(*args, **{**options, "widget": TextInput(attrs={"autocomplete": "off"})})
        self.help_text = "The whole name of a login. Superusers make new ones."
