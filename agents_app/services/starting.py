"""Putting runs in line."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from agents_app.dispatch import enqueue_run
from agents_app.exceptions import UnknownAgent
from agents_app.models import Agent, Conversation, Run
from agents_app.models.run import first_reminder
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Session


@transaction.atomic
def start_run(session: Session, prompt: str, *, requesters: Sequence[str], message_id: UUID | None = None) -> Run:
    """Put a run in line. A session has one active run at a time; the others wait their turn, oldest first.

    `requesters` are those on whose words it works, each as `kind:name`; those of the notes it reads are added.

    Raises UnknownAgent when the session's agent is gone.
    """
    agent = agent_of(session)
    history = Conversation.objects.filter(session=session).values_list("requesters", flat=True).first() or []
    run = Run.objects.create(
        session=session,
        agent=agent,
        prompt=prompt,
        message_id=message_id,
        requesters=list(dict.fromkeys([*requesters, *history])),
        epoch=session.epoch,
        remind_at=first_reminder(),
    )
    record(session, EventType.RUN_QUEUED, {"agent": agent.name}, run=run.pk)
    transaction.on_commit(partial(enqueue_run, run.pk))
    return run


def agent_of(session: Session) -> Agent:
    """The agent that serves a session. Raises UnknownAgent when it is gone."""
    agent = Agent.objects.filter(workspace=session.workspace_id, name=session.agent).first()
    if agent is None:
        raise UnknownAgent(f"The agent {session.agent!r} no longer exists.")
    return agent
