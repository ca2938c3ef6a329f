"""What agents asked, and a place to answer."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from agents_app.admin.answering import AnsweringAdmin
from agents_app.admin.deciding import refused, told
from agents_app.admin.filters import CallToolFilter, DeciderFilter, RequiredRoleFilter, RiskFilter, WaitingFilter
from agents_app.admin.permission_page import age_of
from agents_app.admin.showing import link, list_address, short
from agents_app.models import PermissionRequest
from agents_app.services.permissions import decide
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.scoped import actor_in
from sessions_app.exceptions import DomainError


class DecisionForm(ActionForm):
    """The choice of an action, and the reason for it."""

    # As long as the API takes it.
    reason = forms.CharField(required=False, max_length=2000, label="Reason: ")


@admin.register(PermissionRequest)
class PermissionRequestAdmin(AnsweringAdmin):
    list_display = [
        "tool",
        "outcome",
        "age",
        "in_session",
        "agent",
        "what",
        "risk_level",
        "decided_by",
        "role",
        "why",
        "policy",
        "required_role",
        "requested_at",
    ]
    list_filter = [
        "status",
        WaitingFilter,
        CallToolFilter,
        ("run__agent", ScopedRelatedFilter),
        RiskFilter,
        DeciderFilter,
        RequiredRoleFilter,
        "kind",
        ("run__session__workspace", ScopedRelatedFilter),
    ]
    list_select_related = ["tool_call", "run__session__workspace", "run__agent"]
    search_fields = ["run__session__name", "tool_call__tool_name", "decided_by", "policy"]
    search_help_text = "A session, a tool, who decided, or a rule."
    date_hierarchy = "requested_at"
    heavy_fields = ["reasoning", "edited_arguments", "known"]
    action_form = DecisionForm
    actions = ["approve", "deny"]

    @admin.display(ordering="tool_call__tool_name")
    def tool(self, asked: PermissionRequest) -> str:
        return asked.tool_call.tool_name

    @admin.display(ordering="status")
    def outcome(self, asked: PermissionRequest) -> str:
        return asked.get_status_display().lower()

    @admin.display(ordering="requested_at")
    def age(self, asked: PermissionRequest) -> str:
        return age_of(asked)

    @admin.display(description="session", ordering="run__session__name")
    def in_session(self, asked: PermissionRequest) -> str:
        return link(asked.run.session)

    @admin.display(ordering="run__agent__name")
    def agent(self, asked: PermissionRequest) -> str:
        return asked.run.agent.name

    @admin.display(description="arguments")
    def what(self, asked: PermissionRequest) -> str:
        return short(asked.masked(asked.arguments))

    @admin.display(description="reason")
    def why(self, asked: PermissionRequest) -> str:
        return short(asked.masked(asked.reason))

    # Arguments that somebody has changed are approved on the request's own page, which shows them.
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
                self.message_user(request, refused(asked, error), messages.WARNING)
            else:
                self.message_user(request, told(asked), messages.SUCCESS)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What waits is one click away, oldest first, however far down the list it is."""
        pending = self.get_queryset(request).filter(status=PermissionRequest.Status.PENDING)
        oldest_first = list_address(PermissionRequest, status__exact="pending", o=self.list_display.index("age") + 1)
        context = {"pending": pending.count(), "pending_address": oldest_first}
        return super().changelist_view(request, {**context, **(extra_context or {})})
