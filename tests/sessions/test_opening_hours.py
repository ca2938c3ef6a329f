"""When people are there, by the clock on their wall."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.models import Workspace
from sessions_app.opening_hours import DAYS, is_open, known_zone, read_hours

BERLIN = "Europe/Berlin"
# 2 March 2026 is a Monday.
WEEK = {"mon": [["09:00", "12:30"], ["13:30", "18:00"]], "fri": [["22:00", "02:00"]], "sun": [["18:00", "24:00"]]}


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("2026-03-02T08:59", False),
        ("2026-03-02T09:00", True),
        ("2026-03-02T12:29:59", True),
        ("2026-03-02T12:30", False),
        ("2026-03-02T13:30", True),
        ("2026-03-02T18:00", False),
        ("2026-03-03T10:00", False),
    ],
)
def test_a_span_begins_with_its_first_minute_and_ends_before_its_last(clock: str, expected: bool) -> None:
    assert is_open(WEEK, BERLIN, at(clock)) is expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("2026-03-06T21:59", False),
        ("2026-03-06T23:59", True),
        ("2026-03-07T00:00", True),
        ("2026-03-07T01:59", True),
        ("2026-03-07T02:00", False),
        ("2026-03-06T01:00", False),
        ("2026-03-08T23:59", True),
        ("2026-03-09T00:00", False),
    ],
)
def test_a_span_over_midnight_belongs_to_the_day_it_begins_on(clock: str, expected: bool) -> None:
    assert is_open(WEEK, BERLIN, at(clock)) is expected


def test_the_zone_decides_which_day_and_hour_it_is() -> None:
    moment = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert is_open(WEEK, BERLIN, moment) and not is_open(WEEK, "UTC", moment)
    assert is_open({"tue": [["09:00", "10:00"]]}, "Pacific/Auckland", datetime(2026, 3, 2, 20, 30, tzinfo=UTC))


def test_the_hours_stay_on_the_wall_when_the_clocks_change() -> None:
    hours = {"sat": [["09:00", "17:00"]], "mon": [["09:00", "17:00"]]}
    for utc_hour, day in ((8, 28), (7, 30)):  # clocks go forward on Sunday, 29 March 2026
        opening = datetime(2026, 3, day, utc_hour, tzinfo=UTC)
        assert is_open(hours, BERLIN, opening)
        assert not is_open(hours, BERLIN, opening.replace(hour=utc_hour - 1, minute=59))


def test_an_hour_that_comes_twice_is_open_twice_and_one_that_is_left_out_harms_nobody() -> None:
    night = {"sun": [["02:15", "02:45"]]}
    for utc_hour in (0, 1):  # 25 October 2026: 02:30 comes twice
        assert is_open(night, BERLIN, datetime(2026, 10, 25, utc_hour, 30, tzinfo=UTC))
    for minute in range(60):  # 29 March 2026: there is no 02:30
        assert not is_open(night, BERLIN, datetime(2026, 3, 29, 0, minute, tzinfo=UTC))
        assert not is_open(night, BERLIN, datetime(2026, 3, 29, 1, minute, tzinfo=UTC))


@given(st.datetimes(timezones=st.just(UTC)))
def test_no_days_are_always_open_and_days_without_hours_never(moment: datetime) -> None:
    assert is_open({}, "UTC", moment)
    assert not is_open({"mon": []}, "UTC", moment)
    assert is_open({day: [["00:00", "24:00"]] for day in DAYS}, "UTC", moment)
    assert is_open({day: [["07:00", "07:00"]] for day in DAYS}, "UTC", moment)


@pytest.mark.parametrize(
    "strange",
    [
        ["mon"],
        "always",
        {"monday": []},
        {"mon": "09:00-18:00"},
        {"mon": [["09:00"]]},
        {"mon": [["09:00", 18]]},
        {"mon": [["9:00", "18:00"]]},
        {"mon": [["09:00", "24:01"]]},
        {"mon": [["24:00", "02:00"]]},
        {"mon": [["09:00", "18:00\n"]]},
    ],
)
def test_what_are_no_opening_hours_is_refused_in_words(strange: Any) -> None:
    with pytest.raises(ValueError) as refusal:
        read_hours(strange)
    assert str(refusal.value).endswith(".")
    with pytest.raises(ValidationError) as refused:
        Workspace(name="shop", opening_hours=strange).full_clean(validate_unique=False, validate_constraints=False)
    assert list(refused.value.message_dict) == ["opening_hours"]


@pytest.mark.parametrize("zone", ["Mars/Base", "localtime", "../etc/passwd", ""])
def test_a_time_zone_must_be_one(zone: str) -> None:
    assert not known_zone(zone) and known_zone(BERLIN)
    with pytest.raises(ValidationError) as refused:
        Workspace(name="shop", time_zone=zone).full_clean(validate_unique=False, validate_constraints=False)
    assert list(refused.value.message_dict) == ["time_zone"]


@pytest.mark.django_db
def test_a_warning_after_the_breach_is_refused() -> None:
    with pytest.raises(ValidationError, match="before the breach"):
        Workspace(name="shop", sla_warning_seconds=10, sla_breach_seconds=5).full_clean()
