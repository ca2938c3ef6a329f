"""Sessions, their logs and their handoffs, to be looked at."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from sessions_app.admin.filters import EventTypeFilter, ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.models import Handoff, Session, StoredEvent


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "workspace",
        "status",
        "priority",
        "operator",
        "agent",
        "customer",
        "last_seq",
        "created_at",
        "last_event_at",
    ]
    list_filter = ["status", "priority", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace", "operator"]
    search_fields = ["name", "customer"]
    date_hierarchy = "created_at"
    heavy_fields = ["metadata"]
    readonly_fields = ["log"]

    @admin.display(description="events")
    def log(self, session: Session) -> str:
        address = reverse("admin:sessions_app_storedevent_changelist")
        query = urlencode({"session__exact": session.pk, "o": "1"})
        return format_html('<a href="{}?{}">{} events</a>', address, query, session.last_seq - session.pruned_seq)


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
