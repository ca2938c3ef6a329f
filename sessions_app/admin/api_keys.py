"""API keys: to be looked at and taken back. They are made by `manage.py create_api_key`, which shows them once."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.admin.scoped import actor_in
from sessions_app.models import ApiKey
from sessions_app.services.api_keys import revoke_api_key


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ["prefix", "label", "workspace", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at"]
    list_filter = [
        ("workspace", ScopedRelatedFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["workspace"]
    search_fields = ["prefix", "label"]
    exclude = ["secret_hash"]
    heavy_fields = ["secret_hash"]
    actions = ["revoke"]

    @admin.action(description="Revoke: take the selected keys back at once", permissions=["view"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys.select_related("workspace"):
            if key.revoked_at is not None:
                self.message_user(request, f"{key} had been revoked before.", messages.WARNING)
                continue
            revoke_api_key(key, actor=actor_in(request, key.workspace))
            self.message_user(request, f"{key} is revoked.", messages.SUCCESS)
