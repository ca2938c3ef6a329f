"""Run Celery's beat: it sweeps. One in an installation is enough."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.celery import app


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loglevel", default=settings.LOG_LEVEL)

    def handle(self, *args: Any, **options: Any) -> None:
        app.loader.import_default_modules()
        # The schedule is in the code and sweeps are harmless twice, so nothing is kept in a file.
        app.start(
            [
                "--quiet",
                "beat",
                "--scheduler=config.scheduler:InPlaceScheduler",
                f"--loglevel={options['loglevel']}",
            ]
        )
