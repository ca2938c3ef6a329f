"""Retention, by hand. Beat does the same every minute."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sessions_app.management.workspaces import workspace_named
from sessions_app.models import Workspace
from sessions_app.services.retention import (
    erase_batch,
    events_before,
    forget_answers,
    prune_batch,
    repeated,
    transcripts_before,
)


class Command(BaseCommand):
    help = "Remove old events of closed sessions, and answers to old Idempotency-Keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", default="", help="this one alone; without it, all")
        parser.add_argument("--days", type=int, help="how long events are kept, whatever the workspaces say")
        parser.add_argument(
            "--transcripts", action="store_true", help="also erase the sessions whose workspace keeps them no longer"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        name = options["workspace"]
        workspaces = [workspace_named(name)] if name else list(Workspace.objects.all())
        removed = erased = 0
        for workspace in workspaces:
            before = _before(workspace, options["days"], now)
            if before is not None:
                removed += repeated(partial(prune_batch, workspace, before=before))
            ended_before = transcripts_before(workspace, now) if options["transcripts"] else None
            if ended_before is not None:
                erased += repeated(partial(erase_batch, workspace, before=ended_before))
        forgotten = forget_answers(now=now)
        self.stdout.write(f"Removed {removed} events and {forgotten} kept answers.")
        if options["transcripts"]:
            self.stdout.write(f"Erased {erased} sessions.")


def _before(workspace: Workspace, days: int | None, now: datetime) -> datetime | None:
    return events_before(workspace, now) if days is None else now - timedelta(days=days)
