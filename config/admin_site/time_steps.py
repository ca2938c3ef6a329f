"""Years, months and days to narrow a list by. All there were, whether or not they have rows: nobody counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import dateformat, timezone

FORMATS = {"year": "Y", "month": "F Y", "day": "j F"}
WIDER = {"day": "month", "month": "year"}


@dataclass(frozen=True)
class Step:
    """A stretch of time: whole days, from the first up to and without `end`."""

    unit: str
    begin: date
    end: date

    @property
    def title(self) -> str:
        return dateformat.format(self.begin, FORMATS[self.unit])

    @property
    def bounds(self) -> tuple[str, str]:
        """For lookups, as moments."""
        return _moment(self.begin).isoformat(), _moment(self.end).isoformat()

    @property
    def wider(self) -> "Step | None":
        return step_at(WIDER[self.unit], self.begin) if self.unit in WIDER else None


def step_at(unit: str, day: date) -> Step:
    """The year, month or day that a day lies in."""
    if unit == "year":
        return Step(unit, date(day.year, 1, 1), date(day.year + 1, 1, 1))
    if unit == "month":
        begin = day.replace(day=1)
        return Step(unit, begin, (begin + timedelta(days=32)).replace(day=1))
    return Step(unit, day, day + timedelta(days=1))


def read_step(begin: str, end: str) -> Step | None:
    """The step with these bounds. None when they are something else."""
    try:
        day = timezone.localtime(datetime.fromisoformat(begin)).date()
        found = [step_at(unit, day) for unit in FORMATS]
    except (ValueError, OverflowError):
        return None
    return next((step for step in found if step.bounds == (begin, end)), None)


def narrower(step: Step | None, first: date, last: date) -> Sequence[Step]:
    """What lies in a step, or in all the time between two days. A single year or month leads on to what is in it."""
    if step is None:
        years = [step_at("year", date(year, 1, 1)) for year in range(first.year, last.year + 1)]
        return years if len(years) > 1 else narrower(years[0], first, last) if years else []
    if step.unit == "day":
        return []
    unit = "month" if step.unit == "year" else "day"
    found, day = [], max(step.begin, step_at(unit, first).begin)
    while day < step.end and day <= last:
        found.append(step_at(unit, day))
        day = found[-1].end
    return found


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # it is made aware here
