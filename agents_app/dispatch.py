"""Handing work to Celery. A message is a hint: the row it names is the work, and the sweep finds forgotten rows."""

import logging
import time
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

RUN_AGENT = "agents_app.run_agent"
DRAFT_REPLY = "agents_app.draft_reply"
# A failure that took longer than this was a time-out: the queue hangs. Then nothing is sent for a while, so that it
# costs one caller its time-out, and not every caller.
HANGS_AFTER_SECONDS = 0.5
PAUSE_SECONDS = 3.0


class _Queue:
    """Whether sending is worth a try. Threads may disagree for a moment; that costs one of them a time-out."""

    paused_until = 0.0


def enqueue_run(run_id: UUID) -> bool:
    """Ask for a worker to take up a run. Call it after commit; a queue that is away is no error, only False."""
    return _send(RUN_AGENT, run_id)


def enqueue_draft(draft_id: UUID) -> bool:
    """As `enqueue_run`, for a draft reply."""
    return _send(DRAFT_REPLY, draft_id)


def _send(task: str, row_id: UUID) -> bool:
    began = time.monotonic()
    if began < _Queue.paused_until:
        return False
    try:
        current_app.send_task(task, args=[str(row_id)])
    except (OperationalError, RedisError, OSError) as error:
        now = time.monotonic()
        if now - began > HANGS_AFTER_SECONDS:
            _Queue.paused_until = now + PAUSE_SECONDS
        logger.warning("The queue is away (%s); the sweep will see to %s %s.", type(error).__name__, task, row_id)
        return False
    return True
