"""Asking a person, and what the answer sets in motion.

No worker waits for a person: a run that needs an answer is parked and its task ends; the last answer it needs makes
it claimable again.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from agents_app.backends.base import ParkedCall, PauseKind
from agents_app.dispatch import enqueue_run
from agents_app.exceptions import WrongDecision
from agents_app.models import Conversation, PermissionRequest, Run, ToolCall
from agents_app.models.run import first_reminder
from agents_app.services.approvals import check_may_approve, check_may_decide, record_approval, take_arguments
from agents_app.services.asking import ask_customer, ask_person
from agents_app.services.clearing import clear_request
from agents_app.services.deadlines import escalate, escalates
from agents_app.services.endings import canceller_of, end_cancelled
from agents_app.services.fence import held
from agents_app.services.grants import GrantTerms, give_grant
from agents_app.services.ledger import tell_call
from agents_app.services.steering import keep_told
from agents_app.tools.arguments import check_arguments
from agents_app.tools.catalogue import TOOLS
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.encoding import clean
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyDecided, Unprocessable
from sessions_app.masking.editing import MaskMoved, unmasked
from sessions_app.masking.texts import mask_text

Status = PermissionRequest.Status
# What may have become of a request since the page that shows it was made.
CHANGING = [
    "status",
    "policy",
    "required_role",
    "approvals_needed",
    "separate_requester",
    "expires_at",
    "edited_arguments",
]


def park_run(
    run: Run, calls: Sequence[ParkedCall], *, conversation: str, usage: Mapping[str, int], reasoning: str
) -> None:
    """Set a run down until every one of its calls is answered, or end it when somebody has asked it to stop."""
    with held(run):
        if (canceller := canceller_of(run)) is not None:
            end_cancelled(run, by=canceller)
            return
        Conversation.objects.update_or_create(session=run.session, defaults={"text": conversation})
        keep_told(run)
        for parked in calls:
            call = ToolCall.objects.select_related("run__session", "run__agent").get(
                run=run, tool_call_id=parked.tool_call_id
            )
            if parked.kind is PauseKind.INPUT:
                ask_customer(call, parked)
            else:
                ask_person(call, parked, reasoning)
        Run.objects.filter(pk=run.pk).update(
            status=Run.Status.WAITING, lease_until=None, prompted=True, usage=dict(usage)
        )
        run.status = Run.Status.WAITING
        waiting_for = sorted({parked.kind.value for parked in calls})
        record(run.session, EventType.RUN_WAITING, {"waiting_for": waiting_for}, run=run.pk)


@transaction.atomic
def decide(
    request: PermissionRequest,
    *,
    approve: bool,
    actor: Actor,
    reason: str = "",
    arguments: Mapping[str, Any] | None = None,
    grant: GrantTerms | None = None,
) -> PermissionRequest:
    """Answer an agent's question and let its run go on.

    Two people may answer at once: the first answer stands, the second gets AlreadyDecided. One denial denies; a request
    that needs several approvals stays pending until the last of them. `arguments` replaces what the agent proposed,
    whole, but for what was masked and left alone; Unprocessable when the tool cannot take it. `grant` allows the like
    from now on. Nothing is enqueued unless the answer is committed, and the run goes on only when its other questions
    are answered too.
    """
    call = request.tool_call
    if request.kind != PermissionRequest.Kind.APPROVAL:
        raise WrongDecision(f"This request takes one of: {', '.join(request.options)}.")
    lock(request.run.session)
    request.refresh_from_db(fields=CHANGING)
    if request.status != Status.PENDING or request.expires_at <= timezone.now():
        raise AlreadyDecided
    reason = mask_text(clean(reason))
    if not approve:
        check_may_decide(request, actor)
        _settle(request, Status.DENIED, actor, reason)
        _deny(call, reason or "A person denied this.")
    else:
        take_arguments(request, _sent(request, arguments), actor=actor)
        check_may_decide(request, actor)
        check_may_approve(request, actor)
        if grant is not None:
            give_grant(request, grant, actor=actor, reason=reason)
        if not record_approval(request, actor=actor, reason=reason):
            return request
        _settle(request, Status.APPROVED, actor, reason)
        call.status = ToolCall.Status.APPROVED
        call.effective_arguments = request.edited_arguments
        call.save(update_fields=["status", "effective_arguments"])
    resume_if_answered(request.run)
    return request


@transaction.atomic
def expire(request: PermissionRequest) -> bool:
    """Deny a request nobody answered in time, or hand it to supervisors once. False when somebody was faster after all.

    Somebody may also have been another sweep that has given it more time since this one looked.
    """
    lock(request.run.session)
    overdue = PermissionRequest.objects.pending().filter(pk=request.pk, expires_at=request.expires_at)
    if not overdue.exists():
        return False
    if escalates(request):
        escalate(request)
        return True
    _settle(request, Status.EXPIRED, SYSTEM, "Nobody answered in time.")
    _deny(request.tool_call, "Nobody answered in time, so this was not done.")
    resume_if_answered(request.run)
    return True


def resume_if_answered(run: Run) -> None:
    """Make a parked run claimable once nothing is open any more. The caller holds the session's lock."""
    if ToolCall.objects.unanswered().filter(run=run).exists():
        return
    parked = Run.objects.filter(pk=run.pk, status=Run.Status.WAITING)
    if parked.update(status=Run.Status.RESUMING, remind_at=first_reminder()):
        transaction.on_commit(partial(enqueue_run, run.pk))


def _sent(request: PermissionRequest, arguments: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The arguments somebody sent, as they will run: no mask that they were shown is taken for a value."""
    if arguments is None:
        return None
    shown = request.edited_arguments if request.edited_arguments is not None else request.arguments
    try:
        sent = unmasked(clean(arguments), shown, request.run.session.workspace.masked_fields)
    except MaskMoved as error:
        raise Unprocessable(str(error)) from None
    # The arguments of a server's tool are for the server to check.
    tool = TOOLS.get(request.tool_call.tool_name)
    return sent if tool is None else check_arguments(tool, sent)


def _settle(request: PermissionRequest, outcome: PermissionRequest.Status, actor: Actor, reason: str) -> None:
    if not clear_request(request, outcome, actor=actor, reason=reason):
        raise AlreadyDecided


def _deny(call: ToolCall, message: str) -> None:
    call.status = ToolCall.Status.DENIED
    call.answer = message
    call.ended_at = timezone.now()
    call.save(update_fields=["status", "answer", "ended_at"])
    tell_call(call)
