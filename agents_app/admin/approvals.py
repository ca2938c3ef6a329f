"""Single yeses to permission requests, to be looked at."""

from django.contrib import admin

from agents_app.admin.masking import MaskingAdmin
from agents_app.admin.showing import link, short
from agents_app.models import Approval
from sessions_app.admin.filters import ScopedRelatedFilter


@admin.register(Approval)
class ApprovalAdmin(MaskingAdmin):
    workspace_path = "request__run__session__workspace"
    masked_columns = ("reason",)
    list_display = ["at", "actor", "role", "tool", "asked", "in_session", "why"]
    list_filter = [("request__run__session__workspace", ScopedRelatedFilter)]
    list_select_related = ["request__tool_call", "request__run__session__workspace"]
    search_fields = ["actor", "request__run__session__name"]
    date_hierarchy = "at"
    ordering = ["-at", "-id"]

    @admin.display(ordering="request__tool_call__tool_name")
    def tool(self, approval: Approval) -> str:
        return approval.request.tool_call.tool_name

    @admin.display(description="reason")
    def why(self, approval: Approval) -> str:
        return short(self.workspace_of(approval).masked(approval.reason))

    @admin.display(description="request")
    def asked(self, approval: Approval) -> str:
        return link(approval.request, approval.request.status)

    @admin.display(description="session", ordering="request__run__session__name")
    def in_session(self, approval: Approval) -> str:
        return link(approval.request.run.session)
