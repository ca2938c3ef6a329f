"""Who may answer a permission request, and how many yeses make it one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from agents_app.exceptions import AlreadyApproved, ArgumentsChanged
from agents_app.models import Approval, PermissionRequest
from agents_app.policy import RANK, Effect, Role
from agents_app.services.judging import ruling_on
from agents_app.tools.catalogue import TOOLS
from sessions_app.actors import Actor, ActorKind
from sessions_app.events.record import record
from sessions_app.events.types import EventType, Visibility
from sessions_app.exceptions import Forbidden
from sessions_app.services.audit import write_audit

ROLES = {
    "operator": Role.OPERATOR,
    "supervisor": Role.SUPERVISOR,
    "superuser": Role.SUPERVISOR,
    "system": Role.SUPERVISOR,
}


def role_of(actor: Actor) -> Role:
    """As whom an actor decides; a key as the settings say. Raises Forbidden for anybody else."""
    word = settings.PERMISSION_API_KEY_ROLE if actor.kind is ActorKind.API_KEY else actor.role
    if word not in ROLES:
        raise Forbidden("Only operators and supervisors decide what agents may do.")
    return ROLES[word]


def check_may_decide(request: PermissionRequest, actor: Actor) -> None:
    if RANK[role_of(actor)] < RANK[Role(request.required_role)]:
        raise Forbidden("Only a supervisor may decide this request.")


def check_may_approve(request: PermissionRequest, actor: Actor) -> None:
    """To deny one's own wish is always fine; to approve it is what `separate_requester` forbids."""
    if not request.separate_requester:
        return
    request.run.refresh_from_db(fields=["requesters"])
    if str(actor) in request.run.requesters:
        raise Forbidden("Who asked for this may not approve it: somebody else has to.")


def take_arguments(request: PermissionRequest, arguments: Mapping[str, Any] | None, *, actor: Actor) -> None:
    """Settle what is being approved. The caller holds the session's lock.

    Changed arguments take back the approvals that others gave to the earlier ones, and are ruled on as if the agent
    had proposed them: raises Forbidden when the policy denies them, and what it asks for more is asked for from now on.
    Raises ArgumentsChanged for a plain yes to arguments that somebody else has changed: they may not have been seen.
    """
    if arguments is None:
        if request.edited_arguments is not None:
            raise ArgumentsChanged
        return
    shown = request.edited_arguments if request.edited_arguments is not None else request.arguments
    if arguments == shown:
        return
    _rule_again(request, arguments)
    request.edited_arguments = None if arguments == request.arguments else dict(arguments)
    request.save(
        update_fields=["edited_arguments", "policy", "required_role", "approvals_needed", "separate_requester"]
    )
    taken_back = [approval.actor for approval in request.approvals.all()]
    if taken_back:
        request.approvals.all().delete()
        _audit(request, "permission.edited", actor=actor, arguments=arguments, approvals_taken_back=taken_back)


def record_approval(request: PermissionRequest, *, actor: Actor, reason: str) -> bool:
    """Write one yes down. True when it was the last one needed. Raises AlreadyApproved for a second of one actor."""
    given = request.approvals.all()
    if given.filter(actor=str(actor)).exists():
        raise AlreadyApproved
    Approval.objects.create(request=request, actor=str(actor), user_id=actor.user_id, role=actor.role, reason=reason)
    approvals, needed = given.count(), request.approvals_needed
    if approvals >= needed:
        return True
    effective = request.edited_arguments if request.edited_arguments is not None else request.arguments
    _audit(request, "permission.approval_recorded", actor=actor, reason=reason, arguments=effective)
    data = {
        "code": "approval_recorded",
        "detail": f"{approvals} of {needed} approvals for {request.tool_call.tool_name}.",
        "request_id": str(request.pk),
        "approvals": approvals,
        "needed": needed,
        "arguments": effective,
    }
    record(request.run.session, EventType.NOTICE, data, run=request.run_id, visibility=Visibility.OPERATOR)
    return False


def _rule_again(request: PermissionRequest, arguments: Mapping[str, Any]) -> None:
    name = request.tool_call.tool_name
    # A tool of a server is not in the catalogue. It got here by asking.
    asks = TOOLS[name].asks if name in TOOLS else True
    ruling = ruling_on(request.run, name, arguments, asks=asks, granted=False)
    if ruling.effect is Effect.DENY:
        raise Forbidden(f"The policy does not allow these arguments ({ruling.rule}).")
    if ruling.effect is Effect.ASK:
        asking = ruling.asking
        request.policy = ruling.rule
        request.required_role = max(Role(request.required_role), asking.role, key=RANK.__getitem__)
        request.approvals_needed = max(request.approvals_needed, asking.approvals)
        request.separate_requester = request.separate_requester or asking.separate_requester


def _audit(request: PermissionRequest, action: str, *, actor: Actor, reason: str = "", **details: Any) -> None:
    session = request.run.session
    more = {"tool": request.tool_call.tool_name, "policy": request.policy, **details}
    write_audit(session.workspace, action, actor=actor, session=session, target=request.pk, reason=reason, details=more)
