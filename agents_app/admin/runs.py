"""What agents did, to be looked at."""

from django.contrib import admin

from agents_app.admin.filters import RiskFilter, ToolFilter
from agents_app.models import Conversation, DraftReply, Run, ToolCall
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    workspace_path = "session__workspace"
    list_display = ["id", "session", "agent", "status", "attempt", "error_code", "created_at", "ended_at"]
    list_filter = ["status", ("agent", ScopedRelatedFilter), ("session__workspace", ScopedRelatedFilter)]
    list_select_related = ["session", "agent"]
    search_fields = ["session__name", "error_code"]
    date_hierarchy = "created_at"
    heavy_fields = ["prompt", "error_detail"]


@admin.register(ToolCall)
class ToolCallAdmin(ReadOnlyAdmin):
    workspace_path = "run__session__workspace"
    list_display = ["tool_name", "status", "risk_level", "session", "tool_call_id", "attempt", "started_at", "ended_at"]
    list_filter = ["status", ToolFilter, RiskFilter, ("run__session__workspace", ScopedRelatedFilter)]
    list_select_related = ["run__session"]
    search_fields = ["run__session__name", "tool_call_id"]
    date_hierarchy = "started_at"
    ordering = ["-id"]
    heavy_fields = ["proposed_arguments", "effective_arguments", "result", "answer"]

    @admin.display(ordering="run__session__name")
    def session(self, call: ToolCall) -> str:
        return call.run.session.name


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    workspace_path = "session__workspace"
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
