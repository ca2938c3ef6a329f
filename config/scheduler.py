"""Celery's scheduler, doing what is due here instead of asking a worker to.

A sweep that waits in line behind runs comes when nobody needs it any more: with every worker busy nothing would
expire and no dead worker be noticed. Here it waits for nobody, not even for the broker.
"""

import logging
from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from django.db import connections

logger = logging.getLogger(__name__)


class InPlaceScheduler(Scheduler):
    """Runs the tasks of the schedule one after the other in the beat process. It keeps no file."""

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **kwargs: Any) -> Any:
        """Do the task now. What it raises is logged; the next round tries again."""
        if advance:
            self.reserve(entry)
        result = self.app.tasks[str(entry.task)].apply()
        if result.failed():
            logger.error("The task %s failed.", entry.task, exc_info=result.result)
        connections.close_all()
        return result
