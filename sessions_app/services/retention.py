"""Forgetting what is old: events of closed sessions, and whole sessions, for as long as each workspace says."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef
from django.utils import timezone

from sessions_app.actors import SYSTEM
from sessions_app.events.record import lock
from sessions_app.models import IdempotentRequest, Session, StoredEvent, Workspace
from sessions_app.services.audit import write_audit
from sessions_app.services.erasing import blank_sessions, end_session

IDEMPOTENCY_KEPT = timedelta(days=1)
# Sessions in one transaction, whose rows are locked until it ends.
BATCH = 20
# Events of each of them: a session may be of any length.
EVENTS = 1000


@dataclass(slots=True)
class Removed:
    """What a pass has done."""

    events: int = 0
    answers: int = 0
    sessions: int = 0


def apply_retention(*, now: datetime, seconds: float) -> Removed:
    """Do what is due in every workspace, as far as it can be done in so many seconds; the next pass goes on.

    In any order, so that a workspace with very much to forget does not make the others wait.
    """
    removed, until = Removed(), time.monotonic() + seconds
    removed.answers = forget_answers(now=now)
    for workspace in Workspace.objects.order_by("?"):
        if before := events_before(workspace, now):
            removed.events += repeated(partial(prune_batch, workspace, before=before), until=until)
        if before := transcripts_before(workspace, now):
            removed.sessions += repeated(partial(erase_batch, workspace, before=before), until=until)
    return removed


def repeated(batch: Callable[[], int], *, until: float = float("inf")) -> int:
    """Do batches until one finds nothing, or the time is over. Returns what they did in all."""
    done = 0
    while time.monotonic() < until and (some := batch()):
        done += some
    return done


def events_before(workspace: Workspace, now: datetime) -> datetime | None:
    """Events older than this may go. None: they are kept for ever."""
    return _days_ago(now, workspace.event_retention_days, settings.EVENT_RETENTION_DAYS)


def transcripts_before(workspace: Workspace, now: datetime) -> datetime | None:
    """Sessions that were closed before this may go. None: they are kept for ever."""
    return _days_ago(now, workspace.transcript_retention_days, settings.TRANSCRIPT_RETENTION_DAYS)


@transaction.atomic
def prune_batch(workspace: Workspace, *, before: datetime) -> int:
    """Remove old events of some closed sessions, with one audit entry for all. Returns how many; 0 when none are left.

    Only sessions whose oldest event is that old are looked at: an index knows which are not yet pruned to their end.
    Of a long session the next batch removes more.
    """
    oldest = StoredEvent.objects.filter(session=OuterRef("pk"), seq=OuterRef("pruned_seq") + 1, timestamp__lt=before)
    closed = Session.objects.of(workspace).filter(status=Session.Status.CLOSED, pruned_seq__lt=F("last_seq"))
    due = closed.filter(Exists(oldest), created_at__lt=before).order_by("created_at")[:BATCH]
    pruned = {session.pk: prune_session(session, before=before) for session in sorted(due, key=lambda due: due.pk)}
    events = sum(pruned.values())
    if events:
        details = {"sessions": len(pruned), "events": events, "before": before.isoformat()}
        write_audit(workspace, "retention.pruned", actor=SYSTEM, details=details)
    return events


@transaction.atomic
def prune_session(session: Session, *, before: datetime) -> int:
    """Remove a closed session's oldest `EVENTS` events, those from before a time. Returns how many.

    A reader with an older cursor is told that the log begins later (`log_pruned`), and goes on from there.
    """
    lock(session)
    pruned = Session.objects.values_list("pruned_seq", flat=True).get(pk=session.pk)
    some = StoredEvent.objects.filter(session=session, seq__lte=pruned + EVENTS)
    newest = some.filter(timestamp__lt=before).aggregate(seq=Max("seq"))["seq"]
    if newest is None:
        return 0
    # By seq, not by time: clocks may disagree, and a log with a hole could not be resumed.
    removed, _ = StoredEvent.objects.filter(session=session, seq__lte=newest).delete()
    Session.objects.filter(pk=session.pk).update(pruned_seq=newest)
    return removed


def erase_batch(workspace: Workspace, *, before: datetime) -> int:
    """Erase some sessions that were closed before a time, with one audit entry for all. Returns how many.

    What of a long one goes first goes in transactions of its own, so that none has more than so many events to remove.
    """
    closed = Session.objects.of(workspace).filter(status=Session.Status.CLOSED, erased_at=None)
    old = closed.filter(status_changed_at__lt=before).order_by("status_changed_at")
    due = list(old.select_related("workspace")[:BATCH])
    for session in due:
        end_session(session, actor=SYSTEM)
        while _shorten(session) == EVENTS:
            pass
    with transaction.atomic():
        erased = blank_sessions(workspace, due, actor=SYSTEM)
        if erased:
            details = {"sessions": erased, "before": before.isoformat()}
            write_audit(workspace, "retention.erased", actor=SYSTEM, details=details)
    return erased


@transaction.atomic
def _shorten(session: Session) -> int:
    lock(session)
    # Another pass may have erased it meanwhile: the one event that it has then is its last.
    left = Session.objects.filter(pk=session.pk, erased_at=None)
    return prune_session(session, before=timezone.now()) if left.exists() else 0


def forget_answers(*, now: datetime) -> int:
    """Drop answers kept for Idempotency-Keys. Returns how many."""
    removed, _ = IdempotentRequest.objects.filter(created_at__lt=now - IDEMPOTENCY_KEPT).delete()
    return removed


def _days_ago(now: datetime, own: int | None, general: int) -> datetime | None:
    days = general if own is None else own
    return now - timedelta(days=days) if days else None
