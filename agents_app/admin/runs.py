"""What agents did, to be looked at and, while it goes on, to be stopped."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from agents_app.admin.filters import ErrorCodeFilter, StandingFilter
from agents_app.admin.masking import MaskingAdmin
from agents_app.admin.showing import link, list_link
from agents_app.models import Conversation, DraftReply, PermissionRequest, Run, ToolCall
from agents_app.services.runs import cancel_run
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.admin.scoped import actor_in
from sessions_app.exceptions import DomainError


@admin.register(Run)
class RunAdmin(MaskingAdmin):
    workspace_path = "session__workspace"
    masked_columns = ("prompt", "error_detail")
    list_display = [
        "id",
        "in_session",
        "agent",
        "status",
        "attempt",
        "error_code",
        "lease_until",
        "created_at",
        "ended_at",
        "evidence",
    ]
    list_filter = [
        StandingFilter,
        "status",
        ErrorCodeFilter,
        ("agent", ScopedRelatedFilter),
        ("session__workspace", ScopedRelatedFilter),
    ]
    list_select_related = ["session", "agent"]
    search_fields = ["session__name", "error_code"]
    date_hierarchy = "created_at"
    heavy_fields = ["prompt", "error_detail"]
    readonly_fields = ["evidence"]
    actions = ["cancel"]

    @admin.display(description="session", ordering="session__name")
    def in_session(self, run: Run) -> str:
        return link(run.session)

    @admin.display(description="leads to")
    def evidence(self, run: Run) -> str:
        calls = list_link(ToolCall, "tool calls", run__exact=run.pk)
        return format_html("{} · {}", calls, list_link(PermissionRequest, "requests", run__exact=run.pk))

    @admin.action(description="Cancel: one at work is told, and stops within a second or so", permissions=["view"])
    def cancel(self, request: HttpRequest, selected: QuerySet[Run]) -> None:
        for run in selected.select_related("session__workspace", "agent"):
            try:
                stopped = cancel_run(run, actor=actor_in(request, run.session.workspace))
            except DomainError as error:
                self.message_user(request, f"{run.pk} in {run.session}: {error.detail}", messages.WARNING)
            else:
                over = "is cancelled" if stopped.status == Run.Status.CANCELLED else "is told to stop"
                self.message_user(request, f"{run.pk} in {run.session} {over}.", messages.SUCCESS)


@admin.register(Conversation)
class ConversationAdmin(MaskingAdmin):
    workspace_path = "session__workspace"
    masked_columns = ("text",)
    list_display = ["session", "updated_at"]
    list_filter = [("session__workspace", ScopedRelatedFilter)]
    list_select_related = ["session"]
    search_fields = ["session__name"]
    ordering = ["-updated_at"]
    heavy_fields = ["text"]


@admin.register(DraftReply)
class DraftReplyAdmin(ReadOnlyAdmin):
    workspace_path = "session__workspace"
    list_display = ["id", "session", "agent", "status", "requested_by", "error_code", "created_at", "ended_at"]
    list_filter = ["status", ("agent", ScopedRelatedFilter), ("session__workspace", ScopedRelatedFilter)]
    list_select_related = ["session", "agent"]
    search_fields = ["session__name", "requested_by"]
    date_hierarchy = "created_at"
