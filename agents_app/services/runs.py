"""Begin runs, answer their questions, stop them."""

from dataclasses import asdict
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agents_app.dispatch import enqueue_run
from agents_app.exceptions import RunEnded, UnknownAgent
from agents_app.models import Agent, Run, ToolCall
from agents_app.models.run import first_reminder
from agents_app.services.endings import end_cancelled
from agents_app.services.ledger import tell_call
from agents_app.services.permissions import resume_if_answered
from sessions_app.actors import Actor
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType
from sessions_app.models import Session, Workspace


class AgentResponder:
    """Stands behind `sessions_app.services.responder.Responder`: customers are answered by agents."""

    def agent_for(self, workspace: Workspace, name: str) -> str:
        agents = Agent.objects.filter(workspace=workspace)
        found = agents.filter(name=name) if name else agents.filter(is_default=True)
        chosen = found.values_list("name", flat=True).first()
        if chosen is None:
            raise UnknownAgent("This workspace has no default agent: name one." if not name else "")
        return chosen

    def respond(self, session: Session, *, text: str, actor: Actor) -> UUID | None:
        """The run that answers: one that asked the customer something, or a new one in line behind the others."""
        return answer_question(session, text, actor=actor) or start_run(session, text, actor=actor).pk

    def stop(self, session: Session, *, actor: Actor, reason: str) -> None:
        for run in Run.objects.unfinished().filter(session=session).order_by("created_at"):
            _cancel(run, actor)


@transaction.atomic
def start_run(session: Session, prompt: str, *, actor: Actor) -> Run:
    """Put a run in line. A session has one active run at a time; the others wait their turn, oldest first.

    Raises UnknownAgent when the session's agent is gone.
    """
    agent = Agent.objects.filter(workspace=session.workspace_id, name=session.agent).first()
    if agent is None:
        raise UnknownAgent(f"The agent {session.agent!r} no longer exists.")
    run = Run.objects.create(
        session=session,
        agent=agent,
        prompt=prompt,
        requesters=[str(actor)],
        epoch=session.epoch,
        remind_at=first_reminder(),
    )
    record(session, EventType.RUN_QUEUED, {"agent": agent.name}, run=run.pk)
    transaction.on_commit(partial(enqueue_run, run.pk))
    return run


@transaction.atomic
def answer_question(session: Session, text: str, *, actor: Actor) -> UUID | None:
    """Give what the customer said to the run that asked for it. None when no run asked."""
    lock(session)
    waiting = ToolCall.objects.filter(
        run__session=session, run__status=Run.Status.WAITING, status=ToolCall.Status.WAITING_INPUT
    )
    call = waiting.select_related("run__session", "run__agent").order_by("id").first()
    if call is None:
        return None
    call.status = ToolCall.Status.COMPLETED
    call.answer = call.result = text
    call.ended_at = timezone.now()
    call.save(update_fields=["status", "answer", "result", "ended_at"])
    tell_call(call)
    call.run.add_requester(str(actor))
    resume_if_answered(call.run)
    return call.run_id


@transaction.atomic
def cancel_run(run: Run, *, actor: Actor) -> Run:
    """Stop a run. One that is not executing ends now; an executing one is told and ends within a second or so.

    Raises RunEnded when there is nothing left to stop.
    """
    lock(run.session)
    run.refresh_from_db()
    if run.status not in Run.UNFINISHED:
        raise RunEnded
    _cancel(run, actor)
    run.refresh_from_db()
    return run


def _cancel(run: Run, actor: Actor) -> None:
    if run.status == Run.Status.RUNNING:
        # Its worker sees this at its next look and ends the run itself; the first to ask is named.
        asked = Run.objects.filter(pk=run.pk, cancel_requested_at__isnull=True)
        asked.update(cancel_requested_at=timezone.now(), cancel_requested_by=asdict(actor))
    else:
        end_cancelled(run, by=actor)
