"""When a workspace's people are there: from opening hours and a time zone to yes or no. Pure functions.

Opening hours are what clocks on the wall show: `{"mon": [["09:00", "12:30"], ["13:30", "18:00"]], "fri": […]}`. A day
that is not named is closed all day, and no days at all mean always open. A span whose end is not after its beginning
goes on into the next day; "24:00" is the end of a day.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
END_OF_DAY = 24 * 60
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")

# In minutes since midnight.
Span = tuple[int, int]


def is_open(hours: Mapping[str, Any], zone: str, at: datetime) -> bool:
    """Whether somebody is there at this time, which must know its own time zone.

    In the hour that a change of the clocks repeats, both times it is this hour; one that it leaves out never comes.
    """
    if not hours:
        return True
    week = read_hours(hours)
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    today, yesterday = DAYS[local.weekday()], DAYS[local.weekday() - 1]
    return _covers(week.get(today, ()), minute) or _reaches_into(week.get(yesterday, ()), minute)


def read_hours(value: Any) -> dict[str, list[Span]]:
    """The spans of each day. Raises ValueError, in words for whoever wrote them, for what are no opening hours."""
    if not isinstance(value, Mapping):
        raise ValueError('Opening hours look like {"mon": [["09:00", "18:00"]]}.')
    if strange := [str(day) for day in value if day not in DAYS]:
        raise ValueError(f"{strange[0]!r} is no day. The days are: {', '.join(DAYS)}.")
    return {day: _read_day(day, spans) for day, spans in value.items()}


def known_zone(name: str) -> bool:
    return name in _zones()


def _covers(spans: Iterable[Span], minute: int) -> bool:
    return any(start <= minute and (minute < end or end <= start) for start, end in spans)


def _reaches_into(spans: Iterable[Span], minute: int) -> bool:
    return any(end <= start and minute < end for start, end in spans)


def _read_day(day: str, spans: Any) -> list[Span]:
    if not isinstance(spans, list):
        raise ValueError(f"The hours of {day} are a list of [from, to].")
    return [_read_span(day, span) for span in spans]


def _read_span(day: str, span: Any) -> Span:
    if not (isinstance(span, list) and len(span) == 2 and all(isinstance(clock, str) for clock in span)):
        raise ValueError(f'Each of the hours of {day} looks like ["09:00", "18:00"].')
    start, end = (_read_clock(clock) for clock in span)
    if start == END_OF_DAY:
        raise ValueError(f"Nothing of {day} begins at 24:00: write it under the next day.")
    return start, end


def _read_clock(text: str) -> int:
    if CLOCK.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no time of day between 00:00 and 24:00.")
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


@cache
def _zones() -> frozenset[str]:
    # These two are the machine's own, and not places.
    return frozenset(available_timezones() - {"localtime", "Factory"})
