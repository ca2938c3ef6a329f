"""Retention, to be run by a scheduler."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from sessions_app.models import Session
from sessions_app.services.retention import forget_answers, prune_session


class Command(BaseCommand):
    help = "Remove old events of closed sessions, and answers to old Idempotency-Keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=settings.EVENT_RETENTION_DAYS, help="how long events are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        before = now - timedelta(days=options["days"])
        old = Session.objects.filter(status=Session.Status.CLOSED, events__timestamp__lt=before).distinct()
        removed = sum(prune_session(session, before=before) for session in old.iterator())
        forgotten = forget_answers(now=now)
        self.stdout.write(f"Removed {removed} events and {forgotten} kept answers.")
