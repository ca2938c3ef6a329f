"""A limit per minute that holds over all processes: a row that is counted up while it is below."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from sessions_app.models import Allowance

KEPT = timedelta(days=1)


@transaction.atomic
def take(holder: str, *, limit: int, now: datetime) -> bool:
    """Take one of `holder`'s allowance for this minute. False when nothing is left of it.

    The holder's row stays locked until the caller's transaction ends.
    """
    minute = now.replace(second=0, microsecond=0)
    name = salted_hmac("handrail.allowance", holder, algorithm="sha256").hexdigest()
    Allowance.objects.bulk_create([Allowance(holder=name, minute=minute)], ignore_conflicts=True)
    row = Allowance.objects.filter(holder=name)
    if row.filter(~Q(minute=minute)).update(minute=minute, taken=1):
        return limit > 0
    return bool(row.filter(taken__lt=limit).update(taken=F("taken") + 1))


def forget_allowances(*, now: datetime) -> int:
    """Drop the rows of minutes that are long over. Returns how many."""
    removed, _ = Allowance.objects.filter(minute__lt=now - KEPT).delete()
    return removed
