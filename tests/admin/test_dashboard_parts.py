"""What the dashboard is made of, on plain values."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from config.admin_site.dashboard.charts import HEIGHT, WIDTH, Series, bars, lines, nice
from config.admin_site.dashboard.figures import duration, money, share
from config.admin_site.dashboard.percentiles import percentile
from config.admin_site.dashboard.ranges import CHOICES, range_until, read_choice
from config.admin_site.groups import in_groups

NOW = datetime(2026, 3, 3, 14, 37, 12, 345, tzinfo=UTC)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.name)
def test_a_range_is_whole_pieces_that_end_with_the_one_that_has_begun(choice: object) -> None:
    during = range_until(choice, NOW)  # type: ignore[arg-type]  # a choice
    steps = {later - earlier for earlier, later in pairwise(during.starts)}
    assert steps == {during.choice.step} and len(during.starts) == during.choice.pieces
    assert during.starts[-1] <= NOW < during.starts[-1] + during.choice.step
    assert during.place(NOW) == during.choice.pieces - 1 and during.place(during.since) == 0


def test_days_begin_at_midnight_also_when_the_clock_was_changed() -> None:
    month = read_choice("30d")
    assert month is not None
    with timezone.override(ZoneInfo("Europe/Berlin")):
        during = range_until(month, datetime(2026, 4, 10, 12, tzinfo=UTC))
        midnights = {timezone.localtime(start).hour for start in during.starts}
    assert midnights == {0}
    starts = [start.astimezone(UTC) for start in during.starts]
    lengths = {later - earlier for earlier, later in pairwise(starts)}
    assert lengths == {timedelta(hours=23), timedelta(hours=24)}


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([], 50, None), ([7], 90, 7), ([3, 1, 2], 50, 2), (list(range(1, 11)), 90, 9), ([1, 2], 50, 1)],
)
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], percent: int, expected: float | None
) -> None:
    assert percentile(values, percent) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_at_least_so_many_of_the_values_are_at_most_their_percentile(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found is not None
    assert sum(value <= found for value in values) * 100 >= percent * len(values)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "—"),
        (0, "0 s"),
        (0.04, "40 ms"),
        (0.42, "0.4 s"),
        (89, "89 s"),
        (150, "2.5 min"),
        (7200, "2 h"),
        (200_000, "2.3 d"),
    ],
)
def test_a_duration_is_said_shortly(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_money_and_shares_are_said_as_people_write_them() -> None:
    assert [money(value) for value in (0, 1234, 2_000_000, 1_234_567_890)] == ["$0.00", "$0.0012", "$2.00", "$1,234.57"]
    assert (share(1, 3), share(0, 0)) == ("33 %", "—")


@given(st.floats(0.001, 1e9))
def test_the_top_of_an_axis_is_round_and_near(value: float) -> None:
    assert value <= nice(value) <= value * 2.51


def test_bars_stand_on_each_other_and_stay_in_the_picture() -> None:
    chart = bars("x", "X", ["a", "b"], [Series("up", "good", [3, 0]), Series("down", "danger", [1, None])])
    (first, second) = chart.pieces
    assert [shape.tone for shape in first.shapes] == ["good", "danger"]
    lower, upper = first.shapes
    assert float(upper.y) + float(upper.height) == pytest.approx(float(lower.y), abs=0.2)
    assert float(lower.y) + float(lower.height) == pytest.approx(HEIGHT, abs=0.2)
    assert float(first.x) + float(first.width) == WIDTH / 2
    assert (first.words, second.cells, second.shapes) == ("a: up 3, down 1", ["0", "—"], ())
    assert chart.top == "4" and not chart.empty


@pytest.mark.parametrize(
    ("most", "top", "middle"), [(1, "2", "1"), (3, "4", "2"), (5, "6", "3"), (1000, "1,000", "500")]
)
def test_the_middle_of_an_axis_is_said_truly(most: float, top: str, middle: str) -> None:
    chart = bars("x", "X", ["a"], [Series("n", "good", [most])])
    assert (chart.top, chart.middle) == (top, middle)


def test_a_line_ends_where_nothing_is_known_and_a_lonely_value_can_be_seen() -> None:
    chart = lines("x", "X", ["a", "b", "c", "d"], [Series("half", "accent", [1, 2, None, 4])], duration)
    assert [len(line.points.split()) for line in chart.lines] == [2, 2]
    assert chart.top == "4 s" and [piece.cells for piece in chart.pieces][2] == ["—"]


def test_a_chart_of_nothing_says_so() -> None:
    assert bars("x", "X", ["a"], [Series("n", "good", [0])]).empty
    assert lines("x", "X", ["a"], [Series("n", "good", [None])]).empty


def test_a_list_that_nobody_has_put_into_a_group_still_has_its_place() -> None:
    models = [{"object_name": name} for name in ("Run", "Session", "Novelty")]
    groups = in_groups([{"name": "Things", "models": models}])
    assert [(group["name"], [each["object_name"] for each in group["models"]]) for group in groups] == [
        ("Sessions", ["Session"]),
        ("Agents", ["Run"]),
        ("Things", ["Novelty"]),
    ]
