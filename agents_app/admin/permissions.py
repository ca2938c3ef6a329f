"""What agents asked, and a place to answer."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest

from agents_app.admin.filters import RiskFilter
from agents_app.models import PermissionRequest
from agents_app.services.permissions import decide
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.admin.scoped import actor_in
from sessions_app.exceptions import DomainError


class DecisionForm(ActionForm):
    """The choice of an action, and the reason for it."""

    # As long as the API takes it.
    reason = forms.CharField(required=False, max_length=2000, label="Reason: ")


@admin.register(PermissionRequest)
class PermissionRequestAdmin(ReadOnlyAdmin):
    workspace_path = "run__session__workspace"
    list_display = [
        "tool",
        "status",
        "risk_level",
        "arguments",
        "session",
        "policy",
        "required_role",
        "requested_at",
        "expires_at",
        "decided_by",
    ]
    list_filter = ["status", RiskFilter, ("run__session__workspace", ScopedRelatedFilter)]
    list_select_related = ["tool_call", "run__session"]
    search_fields = ["run__session__name", "tool_call__tool_name", "decided_by"]
    date_hierarchy = "requested_at"
    heavy_fields = ["reasoning", "reason", "edited_arguments"]
    action_form = DecisionForm
    actions = ["approve", "deny"]

    @admin.display(ordering="tool_call__tool_name")
    def tool(self, asked: PermissionRequest) -> str:
        return asked.tool_call.tool_name

    @admin.display(ordering="run__session__name")
    def session(self, asked: PermissionRequest) -> str:
        return asked.run.session.name

    # Arguments that somebody has changed are approved over the API, which takes them along.
    @admin.action(description="Approve: let the selected tool calls run as shown", permissions=["view"])
    def approve(self, request: HttpRequest, selected: QuerySet[PermissionRequest]) -> None:
        self._decide(request, selected, approve=True)

    @admin.action(description="Deny: the agent is told the reason", permissions=["view"])
    def deny(self, request: HttpRequest, selected: QuerySet[PermissionRequest]) -> None:
        self._decide(request, selected, approve=False)

    def _decide(self, request: HttpRequest, selected: QuerySet[PermissionRequest], *, approve: bool) -> None:
        """Each is decided by itself: one that somebody else was faster with leaves the others as they are."""
        reason = request.POST.get("reason", "")
        for asked in selected.select_related("run__session__workspace", "run__agent", "tool_call"):
            actor = actor_in(request, asked.run.session.workspace)
            try:
                decide(asked, approve=approve, actor=actor, reason=reason)
            except DomainError as error:
                self.message_user(request, f"{asked} in {asked.run.session}: {error.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{asked} in {asked.run.session}.", messages.SUCCESS)
