"""When a worker died inside a tool that may not run twice, nobody knows whether it took effect: a person is asked.

The run is parked as it was, its conversation untouched. What the person says reaches the model through the ledger:
when the run goes on it makes the same call again, and the ledger runs it, gives the result, or says it was given up.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents_app.exceptions import WrongDecision
from agents_app.models import PermissionRequest, Run, ToolCall
from agents_app.services.approvals import check_may_decide
from agents_app.services.clearing import clear_request, decisions_visibility
from agents_app.services.deadlines import deadline
from agents_app.services.endings import canceller_of, end_cancelled
from agents_app.services.fence import held
from agents_app.services.ledger import tell_call, tell_result
from agents_app.services.permissions import resume_if_answered
from agents_app.services.speaking import discard_drafts
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.encoding import clean
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyDecided
from sessions_app.masking.texts import mask_text

Status = PermissionRequest.Status
OUTCOME = PermissionRequest.Kind.OUTCOME
GIVEN_UP = "It is not known whether this took effect, and it was not tried again."


def ask_outcomes(run: Run) -> bool:
    """Park a claimed run whose earlier attempt died while tools ran, and ask about each. False when none did.

    Asked before the run goes on, so that no other call of it is begun only to be broken off.
    """
    with held(run):
        calls = list(run.tool_calls.lost())
        if not calls:
            return False
        if (canceller := canceller_of(run)) is not None:
            end_cancelled(run, by=canceller)
            return True
        discard_drafts(run)
        for call in calls:
            ask_outcome(call)
        Run.objects.filter(pk=run.pk).update(status=Run.Status.WAITING, lease_until=None)
        run.status = Run.Status.WAITING
        record(run.session, EventType.RUN_WAITING, {"waiting_for": [OUTCOME]}, run=run.pk)
    return True


def ask_outcome(call: ToolCall) -> PermissionRequest:
    """Declare a call unknown and ask what became of it. The caller holds the session's lock and parks the run."""
    call.status = ToolCall.Status.UNKNOWN
    call.ended_at = timezone.now()
    call.save(update_fields=["status", "ended_at"])
    tell_call(call, arguments=call.effective_arguments)
    request = PermissionRequest.objects.create(
        run=call.run,
        tool_call=call,
        kind=OUTCOME,
        arguments=call.effective_arguments or {},
        known={
            "started_at": call.started_at.isoformat() if call.started_at else None,
            "attempt": call.attempt,
            "idempotency_key": call.idempotency_key,
        },
        risk_level=call.risk_level,
        policy=f"default: {call.tool_name} may not run twice unasked",
        timeout_seconds=settings.PERMISSION_TIMEOUT_SECONDS,
        **deadline(settings.PERMISSION_TIMEOUT_SECONDS),
    )
    data = {
        "request_id": str(request.pk),
        "kind": request.kind,
        "options": request.options,
        "tool_call_id": call.tool_call_id,
        "tool_name": call.tool_name,
        "arguments": request.arguments,
        "known": request.known,
        "risk_level": request.risk_level,
        "reasoning": request.reasoning,
        "policy": request.policy,
        "expires_at": request.expires_at.isoformat(),
    }
    visibility = decisions_visibility(request)
    record(call.run.session, EventType.PERMISSION_REQUEST, data, run=call.run_id, visibility=visibility)
    return request


@transaction.atomic
def decide_outcome(
    request: PermissionRequest, outcome: PermissionRequest.Status, *, actor: Actor, reason: str = "", result: Any = None
) -> PermissionRequest:
    """Say what became of a call: RUN_AGAIN, DONE with this result, or GIVEN_UP; its run goes on with that.

    The first answer stands, the second gets AlreadyDecided. Raises WrongDecision for a request of another kind.
    """
    if outcome not in request.options:
        raise WrongDecision(f"This request takes one of: {', '.join(request.options)}.")
    lock(request.run.session)
    check_may_decide(request, actor)
    reason, result = mask_text(clean(reason)), clean(result)
    details = {"known": request.known, **({"result": result} if outcome == Status.DONE else {})}
    if not clear_request(request, outcome, actor=actor, reason=reason, details=details):
        raise AlreadyDecided
    call = request.tool_call
    match outcome:
        case Status.RUN_AGAIN:
            call.status = ToolCall.Status.APPROVED
            call.ended_at = None
            call.save(update_fields=["status", "ended_at"])
        case Status.DONE:
            call.status = ToolCall.Status.COMPLETED
            call.result = result
            call.save(update_fields=["status", "result"])
            tell_call(call)
            tell_result(call)
        case _:
            _give_up(call, reason)
    resume_if_answered(request.run)
    return request


@transaction.atomic
def expire_outcome(request: PermissionRequest) -> bool:
    """Give up a call nobody could say anything about in time. False when somebody was faster after all."""
    lock(request.run.session)
    if not clear_request(request, Status.EXPIRED, actor=SYSTEM, reason="Nobody answered in time."):
        return False
    _give_up(request.tool_call, "Nobody answered in time.")
    resume_if_answered(request.run)
    return True


def _give_up(call: ToolCall, reason: str) -> None:
    """The call stays unknown, which is what it is; the model is told so."""
    call.answer = f"{GIVEN_UP} {reason}".strip()
    call.save(update_fields=["answer"])
    tell_result(call)
