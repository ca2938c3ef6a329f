"""Servers whose tools agents may use. They start programs and carry tokens, so only superusers may touch them."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from agents_app.models import McpServer
from sessions_app.admin.configuration import ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter


@admin.register(McpServer)
class McpServerAdmin(ConfigurationAdmin):
    list_display = ["name", "prefix", "workspace", "transport", "risk_level", "asks", "enabled"]
    list_filter = ["transport", "enabled", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["name", "prefix"]
    autocomplete_fields = ["workspace"]
    filter_horizontal = ["agents"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)
