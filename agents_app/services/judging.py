"""What a workspace's policy says of a tool call, and what follows from it at once."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from agents_app import policy
from agents_app.backends.base import Denied, Verdict
from agents_app.conditions import read_conditions
from agents_app.models import Grant, PolicyRule, Run, ToolCall
from agents_app.policy import Asking, Call, Effect, OnTimeout, Role, Ruling, rule_on
from agents_app.services.fence import held
from agents_app.services.ledger import tell_call
from agents_app.tools.base import Tool
from sessions_app.actors import Actor, ActorKind
from sessions_app.services.audit import write_audit

Status = ToolCall.Status
# Too late to forbid: an earlier attempt has run the code, and the ledger knows what to do about it.
BEGUN = (Status.EXECUTING, Status.COMPLETED, Status.FAILED, Status.UNKNOWN)


def judge_call(run: Run, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any]) -> Verdict | Denied:
    """Rule on a proposed call and write the ruling into the ledger. Repeated by a rerun, a denial stays a denial."""
    with held(run):
        call = ToolCall.objects.select_related("run__session__workspace", "run__agent").get(
            run=run, tool_call_id=tool_call_id
        )
        if call.status == Status.DENIED:
            return Denied(call.answer)
        if call.status == Status.APPROVED:
            return Verdict.ALLOW  # a person has said that it shall run, or run again
        if call.status in BEGUN and call.ruling.get("effect") == Effect.ALLOW:
            return Verdict.ALLOW
        # Of the run as it is now: others may have spoken to it since it was claimed.
        ruling = ruling_on(call.run, tool.name, arguments, asks=tool.asks)
        if ruling.grant and not _use(call, ruling):
            # It ended between the look and the use, so the question it answered is open again.
            ruling = ruling_on(call.run, tool.name, arguments, asks=tool.asks, granted=False)
        call.ruling = asdict(ruling)
        call.save(update_fields=["ruling"])
        if ruling.effect is Effect.DENY:
            return _deny(call, ruling)
        return Verdict.ASK if ruling.effect is Effect.ASK else Verdict.ALLOW


def ruling_on(run: Run, tool_name: str, arguments: Mapping[str, Any], *, asks: bool, granted: bool = True) -> Ruling:
    """Ask the policy, with the workspace's rules and the grants that take the session in: one query each."""
    call = Call(tool_name, run.agent.name, arguments, frozenset(run.requesters))
    grants = _grants(run, tool_name) if granted else ()
    rules = [plain_rule(row) for row in rules_of(run.session.workspace_id)]
    return rule_on(call, asks=asks, rules=rules, grants=grants, asking=default_asking())


def default_asking() -> Asking:
    """How people are asked where no rule says."""
    return Asking(timeout_seconds=settings.PERMISSION_TIMEOUT_SECONDS)


def rules_of(workspace_id: int) -> QuerySet[PolicyRule]:
    """The rules that count, each with its agent."""
    return PolicyRule.objects.filter(workspace=workspace_id, enabled=True).select_related("agent")


def plain_rule(row: PolicyRule) -> policy.Rule:
    """A row as the policy knows it. Whether it is enabled is not the policy's to know."""
    asking = Asking(
        role=Role(row.role),
        approvals=row.approvals,
        timeout_seconds=row.timeout_seconds or settings.PERMISSION_TIMEOUT_SECONDS,
        on_timeout=OnTimeout(row.on_timeout),
        separate_requester=row.separate_requester,
    )
    return policy.Rule(
        name=str(row),
        effect=Effect(row.effect),
        tool=row.tool,
        agent=row.agent.name if row.agent else "",
        conditions=read_conditions(row.conditions),
        priority=row.priority,
        asking=asking,
        message=row.message,
    )


def _grants(run: Run, tool_name: str) -> list[policy.Grant]:
    rows = Grant.objects.live(timezone.now()).for_session(run.session).filter(tool=tool_name)
    return [
        policy.Grant(str(row.pk), row.tool, read_conditions(row.conditions), Role(row.role), row.created_by)
        for row in rows
    ]


def _use(call: ToolCall, ruling: Ruling) -> bool:
    """Count and audit a use. A rerun that proposes the same call again uses the grant no second time."""
    if call.ruling.get("grant") == ruling.grant:
        return True
    grant = Grant.objects.get(pk=ruling.grant)
    if not grant.use(timezone.now()):
        return False
    run = call.run
    write_audit(
        run.session.workspace,
        "grant.used",
        actor=Actor(ActorKind.AGENT, run.agent.name, role="agent"),
        session=run.session,
        target=grant.pk,
        details={
            "tool": call.tool_name,
            "tool_call_id": call.tool_call_id,
            "arguments": call.proposed_arguments,
            "policy": ruling.rule,
        },
    )
    return True


def _deny(call: ToolCall, ruling: Ruling) -> Denied:
    message = ruling.message or f"The policy does not allow this call of {call.tool_name}."
    call.status = Status.DENIED
    call.answer = message
    call.ended_at = timezone.now()
    call.save(update_fields=["status", "answer", "ended_at"])
    tell_call(call)
    run = call.run
    write_audit(
        run.session.workspace,
        "tool.denied",
        actor=Actor(ActorKind.AGENT, run.agent.name, role="agent"),
        session=run.session,
        target=call.tool_call_id,
        reason=message,
        details={"tool": call.tool_name, "arguments": call.proposed_arguments, "policy": ruling.rule},
    )
    return Denied(message)
