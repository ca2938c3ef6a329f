"""What the page of a permission request shows beside its columns."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.utils import timezone

from agents_app.admin.decision_forms import forms_for
from agents_app.admin.showing import as_json, span
from agents_app.admin.wordings import spelled_out
from agents_app.models import Approval, PermissionRequest, PolicyRule, RuleVersion
from agents_app.services.offers import Offer, offer_to
from agents_app.services.policies import version_named
from sessions_app.actors import Actor
from sessions_app.models import AuditEntry

Status = PermissionRequest.Status


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request with everything that belongs to it. `forms` holds what the reader may answer, by its button."""

    asked: PermissionRequest
    offer: Offer
    forms: dict[str, Form]
    arguments: list[tuple[str, str]]
    version: RuleVersion | None
    rule: PolicyRule | None
    approvals: list[Approval]
    entries: "QuerySet[AuditEntry]"

    @property
    def age(self) -> str:
        return age_of(self.asked)

    @property
    def wording(self) -> list[tuple[str, str]]:
        return spelled_out(self.version.wording) if self.version else []

    @property
    def result(self) -> str:
        return as_json(self.asked.masked(self.asked.tool_call.result))

    @property
    def known(self) -> str:
        return as_json(self.asked.masked(self.asked.known))

    @property
    def reasoning(self) -> str:
        return str(self.asked.masked(self.asked.reasoning))

    @property
    def reason(self) -> str:
        return str(self.asked.masked(self.asked.reason))

    @property
    def said(self) -> str:
        """What was said of the call: why it was refused, or what the customer answered."""
        return str(self.asked.masked(self.asked.tool_call.answer))


def page_of(asked: PermissionRequest, actor: Actor, typed: dict[str, Form]) -> RequestPage:
    """`typed` holds forms that were sent and cannot be used as they are: they are shown again with what is wrong."""
    offer = offer_to(asked, actor)
    workspace = asked.run.session.workspace
    version = version_named(workspace.pk, asked.policy)
    rule = PolicyRule.objects.filter(workspace=workspace, name=version.name).first() if version else None
    return RequestPage(
        asked=asked,
        offer=offer,
        forms=forms_for(asked, offer) | typed,
        arguments=_arguments(asked),
        version=version,
        rule=rule,
        approvals=[_masked(approval, asked) for approval in asked.approvals.all()],
        entries=AuditEntry.objects.of(workspace).filter(session=asked.run.session_id, target=asked.pk).order_by("id"),
    )


def age_of(asked: PermissionRequest) -> str:
    """How long a request waits, or took."""
    if asked.status == Status.PENDING:
        now = timezone.now()
        left = asked.expires_at - now
        ends = f"{span(left)} left" if left.total_seconds() > 0 else "its time is over"
        return f"waits {span(now - asked.requested_at)}, {ends}"
    if asked.decided_at is None:
        return ""
    return f"took {span(asked.decided_at - asked.requested_at)}"


def _masked(approval: Approval, asked: PermissionRequest) -> Approval:
    """As people may read it. Never saved."""
    approval.reason = asked.masked(approval.reason)
    return approval


def _arguments(asked: PermissionRequest) -> list[tuple[str, str]]:
    """The arguments on their way from the model to the tool; what was not changed and what has not run is left out."""
    stages: list[tuple[str, Any]] = [
        ("Proposed by the agent", asked.tool_call.proposed_arguments),
        ("Shown to people", asked.arguments),
        ("As changed by people", asked.edited_arguments),
        ("Executed", asked.tool_call.effective_arguments if asked.tool_call.started_at else None),
    ]
    return [(name, as_json(asked.masked(value))) for name, value in stages if value is not None]
