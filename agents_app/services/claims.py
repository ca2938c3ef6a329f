"""Which worker has a run: claiming it, keeping it, losing it."""

from datetime import timedelta
from enum import Enum, auto
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agents_app.backends.base import Answer, Answered, Approved, Assignment, Denied
from agents_app.dispatch import enqueue_run
from agents_app.models import Conversation, McpServer, PermissionRequest, Run, ToolCall
from agents_app.models.run import first_reminder
from agents_app.services.endings import canceller_of, end_cancelled, end_failed, first_in_line
from agents_app.services.fence import held
from agents_app.services.speaking import discard_drafts
from agents_app.services.steering import keep_told
from agents_app.tools.catalogue import TOOLS, tools_named
from sessions_app.actors import SYSTEM
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType
from sessions_app.models import Session


@transaction.atomic
def claim_run(run_id: UUID) -> Run | None:
    """Take up a run for this worker and say so in the log.

    None when there is nothing to take up: the message came twice, the run has ended or waits for a person, or the
    session is busy with another run. A run that may say nothing any more ends here as cancelled.
    """
    run = Run.objects.select_related("session__workspace", "agent").filter(pk=run_id).first()
    if run is None:
        return None
    lock(run.session)
    run.refresh_from_db(fields=["status", "attempt"])
    run.session.refresh_from_db(fields=["status", "epoch"])
    if run.status in Run.CLAIMABLE and _is_outdated(run):
        end_cancelled(run, by=SYSTEM)
        return None
    if run.status == Run.Status.QUEUED and (first := first_in_line(run.session)) != run.pk and first is not None:
        # A message was lost, or two workers were quick: whoever spoke first is answered first.
        transaction.on_commit(partial(enqueue_run, first))
        return None
    went_on = run.status == Run.Status.RESUMING
    if not run.claim(settings.RUN_LEASE_SECONDS):
        return None
    type = EventType.RUN_RESUMED if went_on else EventType.RUN_STARTED
    record(run.session, type, {"agent": run.agent.name, "attempt": run.attempt}, run=run.pk)
    return run


def assignment_of(run: Run) -> Assignment:
    """What a claimed run's backend is to do: answer the prompt, or go on from where the conversation stands."""
    conversation = Conversation.objects.filter(session=run.session).values_list("text", flat=True).first()
    return Assignment(
        run_id=str(run.pk),
        model=run.agent.model,
        instructions=run.agent.instructions,
        tools=tools_named(run.agent.tools),
        conversation=conversation or "",
        prompt=None if run.prompted else run.prompt,
        answers=_answers(run),
        base_url=run.agent.base_url,
    )


def mcp_servers_of(run: Run) -> list[McpServer]:
    """The servers whose tools the run's agent may use."""
    return list(McpServer.objects.filter(workspace=run.session.workspace_id, agents=run.agent_id, enabled=True))


def checkpoint_run(run: Run, conversation: str) -> None:
    """Keep the conversation, so that another attempt goes on from here."""
    with held(run):
        Conversation.objects.update_or_create(session=run.session, defaults={"text": conversation})
        keep_told(run)
        if not run.prompted:
            Run.objects.filter(pk=run.pk).update(prompted=True)
            run.prompted = True


class Hold(Enum):
    """What a worker learns when it extends its lease."""

    KEPT = auto()
    CANCEL = auto()  # somebody asked the run to stop
    LOST = auto()  # the run is no longer this worker's


def keep_run(run: Run) -> Hold:
    """Extend the lease of a claimed run."""
    lease_until = timezone.now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)
    mine = Run.objects.held(run).filter(session__epoch=F("epoch"))
    cancel_requested_at = mine.values_list("cancel_requested_at", flat=True)
    found = list(cancel_requested_at)
    if not found or not Run.objects.held(run).update(lease_until=lease_until):
        return Hold.LOST
    return Hold.CANCEL if found[0] else Hold.KEPT


def stop_run(run: Run) -> None:
    """End a claimed run that somebody asked to stop."""
    with held(run):
        end_cancelled(run, by=canceller_of(run) or SYSTEM)


@transaction.atomic
def requeue_if_overdue(run: Run) -> bool:
    """Take a run away from a worker that fell silent, and give it to the next; after too many times it fails.

    False when the worker has been heard of meanwhile.
    """
    lock(run.session)
    overdue = Run.objects.overdue(timezone.now()).filter(pk=run.pk, attempt=run.attempt)
    requeued = {"status": Run.Status.RESUMING, "lease_until": None, "remind_at": first_reminder()}
    if not overdue.update(stalls=F("stalls") + 1, **requeued):
        return False
    run.refresh_from_db()
    discard_drafts(run)
    record(run.session, EventType.RUN_STALLED, {"attempt": run.attempt}, run=run.pk)
    if (canceller := canceller_of(run)) is not None:
        end_cancelled(run, by=canceller)
    # With a call whose outcome nobody knows the run lives on: the next worker asks a person about it, and no more.
    elif run.stalls >= settings.RUN_MAX_ATTEMPTS and not run.tool_calls.lost().exists():
        detail = f"Its worker died {run.stalls} times."
        end_failed(run, code="worker_lost", detail=detail)
    else:
        transaction.on_commit(partial(enqueue_run, run.pk))
    return True


def _is_outdated(run: Run) -> bool:
    """Whether the session has changed hands since, or a person was asked for before the run had begun."""
    agent_serves = run.session.status == Session.Status.ACTIVE
    return run.epoch != run.session.epoch or (run.status == Run.Status.QUEUED and not agent_serves)


def _answers(run: Run) -> dict[str, Answer]:
    """Everything people have answered in this run, by tool call. The backend takes the ones it is waiting for."""
    answers: dict[str, Answer] = {}
    for call in run.tool_calls.filter(status=ToolCall.Status.COMPLETED):
        # A tool that is not in the catalogue is a server's, and those ask no questions.
        if call.tool_name in TOOLS and TOOLS[call.tool_name].question:
            answers[call.tool_call_id] = Answered(call.answer)
    approvals = run.permission_requests.filter(kind=PermissionRequest.Kind.APPROVAL)
    for request in approvals.select_related("tool_call"):
        call = request.tool_call
        if request.status == PermissionRequest.Status.APPROVED:
            answers[call.tool_call_id] = Approved(request.edited_arguments)
        elif request.status in (PermissionRequest.Status.DENIED, PermissionRequest.Status.EXPIRED):
            answers[call.tool_call_id] = Denied(call.answer)
    return answers
