"""Forgetting what is old, oldest first, so that what is kept is always the end of a log."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from sessions_app.events.record import lock
from sessions_app.models import IdempotentRequest, Session, StoredEvent

IDEMPOTENCY_KEPT = timedelta(days=1)


def prune_session(session: Session, *, before: datetime) -> int:
    """Remove a closed session's events from before a time. Returns how many.

    A reader with an older cursor is told that the log begins later (`log_pruned`), and goes on from there.
    """
    with transaction.atomic():
        lock(session)
        old = StoredEvent.objects.filter(session=session, timestamp__lt=before)
        newest = old.aggregate(seq=Max("seq"))["seq"]
        if newest is None:
            return 0
        # By seq, not by time: clocks may disagree, and a log with a hole could not be resumed.
        removed, _ = StoredEvent.objects.filter(session=session, seq__lte=newest).delete()
        Session.objects.filter(pk=session.pk).update(pruned_seq=newest)
    return removed


def forget_answers(*, now: datetime) -> int:
    """Drop answers kept for Idempotency-Keys. Returns how many."""
    removed, _ = IdempotentRequest.objects.filter(created_at__lt=now - IDEMPOTENCY_KEPT).delete()
    return removed
