"""Tenants and who belongs to them."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from sessions_app.admin.configuration import ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.models import Membership, Workspace


@admin.register(Workspace)
class WorkspaceAdmin(ConfigurationAdmin):
    workspace_path = "pk"
    fixed_fields = ()
    list_display = ["name", "title", "time_zone", "created_at"]
    search_fields = ["name", "title"]
    readonly_fields = ["created_at"]
    fieldsets = [
        (None, {"fields": ["name", "title", "created_at"]}),
        ("When people are there", {"fields": ["time_zone", "opening_hours", "after_hours_text"]}),
        ("How long a customer may wait for a person", {"fields": ["sla_warning_seconds", "sla_breach_seconds"]}),
    ]
    heavy_fields = ["opening_hours", "after_hours_text"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A workspace's audit entries are kept for ever, and so is the workspace."""
        return False


@admin.register(Membership)
class MembershipAdmin(ConfigurationAdmin):
    fixed_fields = ("workspace", "user")
    list_display = ["user", "workspace", "role"]
    list_filter = ["role", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__username", "workspace__name"]
    autocomplete_fields = ["user", "workspace"]
