"""Handing work to Celery. A message is a hint: the row it names is the work, and the sweep finds forgotten rows."""

import logging
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

RUN_AGENT = "agents_app.run_agent"


def enqueue_run(run_id: UUID) -> None:
    """Ask for a worker to take up a run. Call it after commit; a broker that is away is no error."""
    try:
        current_app.send_task(RUN_AGENT, args=[str(run_id)])
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The queue is away (%s); the sweep will take up run %s.", type(error).__name__, run_id)
