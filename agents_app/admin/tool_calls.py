"""The ledger of tool calls, to be looked at."""

from django.contrib import admin

from agents_app.admin.filters import ErrorCodeFilter, RiskFilter, ToolFilter
from agents_app.admin.masking import MaskingAdmin
from agents_app.admin.showing import link, list_link
from agents_app.models import PermissionRequest, ToolCall
from sessions_app.admin.filters import ScopedRelatedFilter


@admin.register(ToolCall)
class ToolCallAdmin(MaskingAdmin):
    workspace_path = "run__session__workspace"
    masked_columns = ("proposed_arguments", "effective_arguments", "result", "answer")
    list_display = [
        "tool_name",
        "status",
        "risk_level",
        "ruled",
        "in_session",
        "agent",
        "error_code",
        "attempt",
        "started_at",
        "ended_at",
    ]
    list_filter = [
        "status",
        ToolFilter,
        RiskFilter,
        ErrorCodeFilter,
        ("run__agent", ScopedRelatedFilter),
        ("run__session__workspace", ScopedRelatedFilter),
    ]
    list_select_related = ["run__session", "run__agent"]
    search_fields = ["run__session__name", "tool_call_id"]
    date_hierarchy = "started_at"
    ordering = ["-id"]
    heavy_fields = ["proposed_arguments", "effective_arguments", "result", "answer"]
    readonly_fields = ["requests"]

    @admin.display(description="policy")
    def ruled(self, call: ToolCall) -> str:
        return f"{call.ruling['effect']}: {call.ruling['rule']}" if call.ruling.get("rule") else ""

    @admin.display(description="session", ordering="run__session__name")
    def in_session(self, call: ToolCall) -> str:
        return link(call.run.session)

    @admin.display(ordering="run__agent__name")
    def agent(self, call: ToolCall) -> str:
        return call.run.agent.name

    @admin.display(description="permission requests")
    def requests(self, call: ToolCall) -> str:
        return list_link(PermissionRequest, "those of this call", tool_call__exact=call.pk)
