"""Celery's entry points: load, call, done."""

from uuid import UUID

from celery import shared_task
from django.db import connections
from django.utils import timezone

from agents_app.dispatch import DRAFT_REPLY, RUN_AGENT
from agents_app.drafter import write_draft
from agents_app.runner import advance
from agents_app.services.claims import claim_run
from agents_app.services.drafting import claim_draft
from agents_app.services.sweeping import sweep_all
from sessions_app.services.pulse import beat
from sessions_app.services.retention import apply_retention

RETENTION_AT_ONCE = 2.0


@shared_task(name=RUN_AGENT)
def run_agent(run_id: str) -> None:
    """Carry a run as far as it can go: to its end, or to the next question.

    Delivered twice or late it finds the run claimed, waiting or ended, and leaves it alone. Lost, the sweep sends it
    again.
    """
    run = claim_run(UUID(run_id))
    if run is not None:
        # The run works on a connection of its own; this thread's would lie idle until it is over.
        connections.close_all()
        advance(run)


@shared_task(name=DRAFT_REPLY)
def draft_reply(draft_id: str) -> None:
    """Write a draft for an operator. Delivered twice it finds the row claimed; lost, the sweep ends it as failed."""
    draft = claim_draft(UUID(draft_id))
    if draft is not None:
        write_draft(draft)


@shared_task(name="agents_app.retention")
def retention() -> None:
    """Forget what is old, for a moment only: the sweep is done by the same process."""
    apply_retention(now=timezone.now(), seconds=RETENTION_AT_ONCE)


@shared_task(name="agents_app.sweep")
def sweep() -> None:
    """Do what no message reminds anybody of: expired questions, silent workers, forgotten runs.

    Two sweeps at once settle each row once, because every row is settled by a conditional UPDATE.
    """
    beat("beat")
    sweep_all(timezone.now())
