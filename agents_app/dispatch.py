"""Handing work to Celery. A message is a hint: the row it names is the work, and the sweep finds forgotten rows."""

import logging
import time
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

RUN_AGENT = "agents_app.run_agent"
# After a failure nothing is sent for this long: a queue that hangs costs one caller its time-out, not every caller.
PAUSE_SECONDS = 5.0


class _Queue:
    """Whether sending is worth a try. Threads may disagree for a moment; that costs one of them a time-out."""

    paused_until = 0.0


def enqueue_run(run_id: UUID) -> None:
    """Ask for a worker to take up a run. Call it after commit; a queue that is away is no error."""
    if time.monotonic() < _Queue.paused_until:
        return
    try:
        current_app.send_task(RUN_AGENT, args=[str(run_id)])
    except (OperationalError, RedisError, OSError) as error:
        _Queue.paused_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("The queue is away (%s); the sweep will take up run %s.", type(error).__name__, run_id)
