"""Tenants."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from sessions_app.admin.configuration import ConfigurationAdmin
from sessions_app.models import Workspace

# The name is in settings and in other systems' addresses.
SUPERUSERS_SAY = ("name", "event_retention_days", "transcript_retention_days", "masked_fields")


@admin.register(Workspace)
class WorkspaceAdmin(ConfigurationAdmin):
    workspace_path = "pk"
    fixed_fields = ()
    # When people are there and how long customers may wait is a supervisor's to say; which tenants exist is not.
    supervisors_may = frozenset({"change"})
    list_display = ["name", "title", "time_zone", "created_at"]
    search_fields = ["name", "title"]
    readonly_fields = ["created_at"]
    fieldsets = [
        (None, {"fields": ["name", "title", "created_at"]}),
        ("When people are there", {"fields": ["time_zone", "opening_hours", "after_hours_text"]}),
        ("How long a customer may wait for a person", {"fields": ["sla_warning_seconds", "sla_breach_seconds"]}),
        ("How long things are kept", {"fields": ["event_retention_days", "transcript_retention_days"]}),
        ("What nobody is to read", {"fields": ["masked_fields"]}),
    ]
    heavy_fields = ["opening_hours", "after_hours_text", "masked_fields"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """What supervisors look at: what others rely on, what would be gone for ever, what would be seen by them."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *SUPERUSERS_SAY]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A workspace's audit entries are kept for ever, and so is the workspace."""
        return False
