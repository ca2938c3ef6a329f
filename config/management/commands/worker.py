"""Run a Celery worker: it carries runs out. SIGTERM lets what it has begun end, for a bounded time."""

import logging
import os
import threading
import warnings
from argparse import ArgumentParser
from typing import Any

from celery.exceptions import SecurityWarning
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.celery import app
from config.pulse import begin_pulse

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=settings.WORKER_CONCURRENCY)
        parser.add_argument("--loglevel", default=settings.LOG_LEVEL)

    def handle(self, *args: Any, **options: Any) -> None:
        # Celery warns of root because pickled messages run code. Only JSON is accepted here, and in a
        # container there is often nobody else to be.
        warnings.filterwarnings("ignore", category=SecurityWarning)
        if not settings.CELERY_BROKER_URL:
            raise CommandError("Set REDIS_URL, or let `manage.py serve` start everything.")
        worker_ready.connect(_ready)
        worker_shutting_down.connect(_leave_in_time)
        app.worker_main(
            [
                "--quiet",
                "worker",
                f"--concurrency={options['concurrency']}",
                f"--loglevel={options['loglevel']}",
                # Several workers on one machine are several nodes.
                f"--hostname=worker-{os.getpid()}@%h",
                # The database says who does what; workers need not know each other.
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )


def _ready(**kwargs: Any) -> None:
    begin_pulse("worker")


def _leave_in_time(**kwargs: Any) -> None:
    """A thread cannot be interrupted, so a run that does not end is left to its lease."""
    timer = threading.Timer(settings.SERVE_DRAIN_SECONDS, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    logger.warning("left with work unfinished; its lease will hand it on")
    logging.shutdown()
    os._exit(1)
