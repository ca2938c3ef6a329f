"""The log's events and the handoffs, to be looked at."""

from django.contrib import admin

from sessions_app.admin.filters import EventTypeFilter, ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.models import Handoff, StoredEvent


@admin.register(StoredEvent)
class StoredEventAdmin(ReadOnlyAdmin):
    workspace_path = "session__workspace"
    list_display = ["seq", "type", "session", "run", "visibility", "timestamp"]
    list_filter = [EventTypeFilter, ("session__workspace", ScopedRelatedFilter)]
    list_select_related = ["session"]
    search_fields = ["session__name__exact"]
    search_help_text = "A session's whole name."
    date_hierarchy = "timestamp"
    ordering = ["-timestamp", "-id"]
    heavy_fields = ["data"]


@admin.register(Handoff)
class HandoffAdmin(ReadOnlyAdmin):
    workspace_path = "session__workspace"
    list_display = [
        "session",
        "status",
        "priority",
        "trigger",
        "requested_by",
        "requested_at",
        "operator",
        "accepted_at",
        "ended_at",
    ]
    list_filter = ["status", "priority", "trigger", ("session__workspace", ScopedRelatedFilter)]
    list_select_related = ["session", "operator"]
    search_fields = ["session__name", "operator__username", "requested_by"]
    date_hierarchy = "requested_at"
    heavy_fields = ["reason", "summary"]
    exclude = ["reason", "summary"]
    readonly_fields = ["why", "told"]

    @admin.display(description="reason")
    def why(self, handoff: Handoff) -> str:
        return str(handoff.session.workspace.masked(handoff.reason))

    @admin.display(description="summary")
    def told(self, handoff: Handoff) -> str:
        return str(handoff.session.workspace.masked(handoff.summary))
