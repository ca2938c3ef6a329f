"""Logins and groups of logins. Whoever may change them could make themself anything, so only superusers may."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from config.admin_site.password import person_at
from sessions_app.admin.paginator import BoundedPaginator
from sessions_app.models import Membership
from sessions_app.services.audit import write_audit

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Model]
    OfUsers = DjangoUserAdmin[User]
else:
    Base = object
    OfUsers = DjangoUserAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


class SuperusersOnly(Base):
    """No Django permission opens these pages."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_superuser(request)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


class Audited(SuperusersOnly):
    """Every change leaves an audit entry of no workspace, in the transaction of the change.

    It names the fields that were changed, and no values: a password is one of them.
    """

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._write(request, obj, "added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Called for every change there is, also of a password, which has a page of its own."""
        fields = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        self._write(request, obj, "changed", {"fields": fields})
        return super().log_change(request, obj, message)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._write(request, obj, "deleted")
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self._write(request, row, "deleted")
        super().delete_queryset(request, queryset)

    def _write(self, request: HttpRequest, row: Model, verb: str, details: Mapping[str, Any] | None = None) -> None:
        action = f"{row._meta.model_name}.{verb}"
        named = {"name": str(row), **(details or {})}
        write_audit(None, action, actor=person_at(request), target=row.pk, details=named)


@admin.register(User)
class UserAdmin(Audited, OfUsers):
    """Django's."""

    paginator = BoundedPaginator
    list_display = ["username", "email", "is_active", "is_staff", "is_superuser", "last_login"]
    list_per_page = 50

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._end_memberships(request, [obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._end_memberships(request, queryset)
        super().delete_queryset(request, queryset)

    def _end_memberships(self, request: HttpRequest, logins: Iterable[Model]) -> None:
        """Memberships go with a login, and each workspace is told.

        The logins are locked first, so that none gets a membership that nobody is told of. Each entry locks the head
        of a chain: in the order of the workspaces, and that of no workspace after them.
        """
        found = User.objects.filter(pk__in=[login.pk for login in logins]).order_by("pk")
        locked = list(found.select_for_update().values_list("pk", flat=True))
        memberships = Membership.objects.filter(user__in=locked).select_related("user", "workspace")
        for each in memberships.order_by("workspace_id", "pk"):
            details = {"was": str(each)}
            write_audit(each.workspace, "membership.deleted", actor=person_at(request), target=each.pk, details=details)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """In one transaction with its audit entry."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)


@admin.register(Group)
class GroupAdmin(Audited, DjangoGroupAdmin):
    """Django's. No group opens more of the admin than its members' roles do, but for what supervisors may configure."""
