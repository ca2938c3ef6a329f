"""A limit per stretch of time that holds over all processes: a row that is counted up while it is below."""

from datetime import UTC, datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from sessions_app.models import Allowance

MINUTE = timedelta(minutes=1)
# Longer than any stretch that is counted in.
KEPT = timedelta(days=1)


@transaction.atomic
def take(holder: str, *, limit: int, now: datetime, per: timedelta = MINUTE) -> bool:
    """Take one of `holder`'s allowance for this minute, or this stretch of any length. False when nothing is left.

    The holder's row stays locked until the caller's transaction ends.
    """
    began = _beginning(now, per)
    name = _name(holder)
    Allowance.objects.bulk_create([Allowance(holder=name, minute=began)], ignore_conflicts=True)
    row = Allowance.objects.filter(holder=name)
    if row.filter(~Q(minute=began)).update(minute=began, taken=1):
        return limit > 0
    return bool(row.filter(taken__lt=limit).update(taken=F("taken") + 1))


def give_back(holder: str) -> None:
    """Let the holder begin anew."""
    Allowance.objects.filter(holder=_name(holder)).delete()


def seconds_left(now: datetime, per: timedelta = MINUTE) -> int:
    """When there is an allowance again."""
    return ceil((_beginning(now, per) + per - now).total_seconds())


def forget_allowances(*, now: datetime, most: int) -> int:
    """Drop rows of stretches that are long over, at most so many. Returns how many."""
    old = Allowance.objects.filter(minute__lt=now - KEPT)
    found = list(old.values_list("pk", flat=True)[:most])
    # Looked for first: this is called every few seconds, and a write that finds nothing would still be a write.
    return old.filter(pk__in=found).delete()[0] if found else 0


def _beginning(now: datetime, per: timedelta) -> datetime:
    seconds = int(per.total_seconds())
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


def _name(holder: str) -> str:
    return salted_hmac("handrail.allowance", holder, algorithm="sha256").hexdigest()
