"""What an agent does for a customer: answer, be answered, stop."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agents_app.exceptions import RunEnded, UnknownAgent
from agents_app.models import Agent, Run, ToolCall
from agents_app.services.busy import forget_message, take_message
from agents_app.services.disclosing import decisions_for_customer
from agents_app.services.endings import cancel_now_or_soon, end_cancelled
from agents_app.services.forgetting import forget_customer, forget_session
from agents_app.services.handback import take_back
from agents_app.services.ledger import tell_call
from agents_app.services.permissions import resume_if_answered
from sessions_app.actors import Actor
from sessions_app.events.record import lock
from sessions_app.models import Session, Workspace
from sessions_app.services.responder import Work


class AgentResponder:
    """Stands behind `sessions_app.services.responder.Responder`: customers are answered by agents."""

    def agent_for(self, workspace: Workspace, name: str) -> str:
        agents = Agent.objects.filter(workspace=workspace)
        found = agents.filter(name=name) if name else agents.filter(is_default=True)
        chosen = found.values_list("name", flat=True).first()
        if chosen is None:
            raise UnknownAgent("This workspace has no default agent: name one." if not name else "")
        return chosen

    def respond(self, session: Session, *, text: str, message_id: UUID, actor: Actor) -> UUID | None:
        """The run that answers: one that asked the customer something, or as the session's busy policy says."""
        asked = answer_question(session, text, message_id=message_id, actor=actor)
        return asked or take_message(session, text, message_id=message_id, actor=actor)

    def withdraw(self, session: Session, *, message_id: UUID, actor: Actor) -> bool:
        return forget_message(session, message_id=message_id, actor=actor)

    def agent_names(self, workspaces: Iterable[Workspace]) -> list[str]:
        names = Agent.objects.filter(workspace__in=workspaces).order_by("name").values_list("name", flat=True)
        return list(names.distinct())

    def work_in(self, session: Session, *, most: int) -> list[Work]:
        runs = Run.objects.filter(session=session).select_related("agent")
        return [_work(run) for run in runs.order_by("-created_at", "-pk")[:most]]

    def at_work(self, session: Session) -> bool:
        return Run.objects.unfinished().filter(session=session).exists()

    def stop(self, session: Session, *, actor: Actor, reason: str) -> None:
        session.refresh_from_db(fields=["epoch"])
        for run in Run.objects.unfinished().filter(session=session).order_by("created_at"):
            if run.epoch != session.epoch:
                # Its worker is fenced off: it can write nothing more, and need not be waited for.
                end_cancelled(run, by=actor)
            else:
                cancel_now_or_soon(run, actor=actor)

    def take_back(self, session: Session, *, since: int, summary: str, requesters: Sequence[str]) -> UUID | None:
        return take_back(session, since=since, summary=summary, requesters=requesters)

    def forget(self, session: Session, *, actor: Actor) -> None:
        forget_session(session, actor=actor)

    def forget_customer(self, workspace: Workspace, customer: str, *, actor: Actor) -> list[str]:
        return forget_customer(workspace, customer, actor=actor)

    def decisions(self, session: Session) -> list[dict[str, Any]]:
        return decisions_for_customer(session)


def _work(run: Run) -> Work:
    usage = run.usage
    return Work(
        id=run.pk,
        agent=run.agent.name,
        status=run.status,
        unfinished=run.status in Run.UNFINISHED,
        created_at=run.created_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        error=run.error_detail or run.error_code,
        tokens=usage.get("input_tokens", 0) + usage.get("output_tokens", 0),
        cost_micro_dollars=usage.get("cost_micro_dollars", 0),
    )


@transaction.atomic
def answer_question(session: Session, text: str, *, message_id: UUID, actor: Actor) -> UUID | None:
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
    call.message_id = message_id
    call.ended_at = timezone.now()
    call.save(update_fields=["status", "answer", "result", "message_id", "ended_at"])
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
    cancel_now_or_soon(run, actor=actor)
    run.refresh_from_db()
    return run
