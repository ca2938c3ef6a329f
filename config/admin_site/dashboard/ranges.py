"""The stretch of time a dashboard looks at, cut into pieces of equal length."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Trunc
from django.utils import timezone


@dataclass(frozen=True)
class Choice:
    """What can be chosen. `unit` is what a database cuts times to; a piece is one or several of it."""

    name: str
    label: str
    pieces: int
    step: timedelta
    unit: str
    time_format: str


CHOICES = (
    Choice("1h", "Last hour", 12, timedelta(minutes=5), "minute", "H:i"),
    Choice("24h", "24 hours", 24, timedelta(hours=1), "hour", "H:i"),
    Choice("7d", "7 days", 7, timedelta(days=1), "day", "D j M"),
    Choice("30d", "30 days", 30, timedelta(days=1), "day", "j M"),
)
DEFAULT = CHOICES[1]


@dataclass(frozen=True)
class Range:
    """Whole pieces, of which the last has only begun: a piece that was cut off in front would look like a quiet one."""

    choice: Choice
    until: datetime
    starts: tuple[datetime, ...]

    @property
    def since(self) -> datetime:
        return self.starts[0]

    def place(self, at: datetime) -> int:
        """In which piece a time of the range lies."""
        return max(0, bisect_right(self.starts, at) - 1)

    def cut(self, field: str) -> Trunc:
        """A column's time, cut so that few different values are left to be counted."""
        return Trunc(field, self.choice.unit)

    def lookups(self, field: str) -> dict[str, datetime]:
        return {f"{field}__gte": self.since, f"{field}__lt": self.until}


def read_choice(name: str) -> Choice | None:
    return next((choice for choice in CHOICES if choice.name == name), None)


def range_until(choice: Choice, now: datetime) -> Range:
    """Days begin at midnight where the reader is, also when a clock was changed on one of them."""
    if choice.unit == "day":
        today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        days = [today - choice.step * back for back in reversed(range(choice.pieces))]
        return Range(choice, now, tuple(timezone.make_aware(day) for day in days))
    # Where hours are half an hour off, so are the pieces.
    here = timezone.localtime(now)
    last = now - timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond) % choice.step
    return Range(choice, now, tuple(last - choice.step * back for back in reversed(range(choice.pieces))))
