"""Lists over tables of any size: they count to a bound, and offer times without reading rows."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents_app.models import Agent, Run
from config.admin_site.time_steps import narrower, read_step, step_at
from sessions_app.admin.paginator import BoundedPaginator
from sessions_app.models import Session, StoredEvent, Workspace
from tests.admin.pages import act, address, listed, said


def runs(session: Session, agent: Agent, number: int) -> None:
    Run.objects.bulk_create(Run(session=session, agent=agent, prompt="x", status="completed") for _ in range(number))


def test_a_list_counts_to_its_bound_and_says_that_there_are_more(
    supervising: Client, session: Session, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedPaginator, "BOUND", 60)
    runs(session, agent, 60)
    shown = supervising.get(address(Run, "changelist"))
    assert "60 runs" in " ".join(shown.content.decode().split())
    runs(session, agent, 1)
    shown = supervising.get(address(Run, "changelist"))
    assert "60+ runs" in " ".join(shown.content.decode().split())
    assert len(listed(supervising, Run, p="2")) == 10
    # Behind the bound there is no page, as there is none behind the last.
    assert supervising.get(address(Run, "changelist"), {"p": "3"}).status_code == 302


def test_counting_stops_in_the_database(supervising: Client, session: Session, agent: Agent) -> None:
    with CaptureQueriesContext(connection) as captured:
        listed(supervising, Run)
    counts = [query["sql"] for query in captured if "COUNT(" in query["sql"]]
    assert counts and all("LIMIT 1001" in sql for sql in counts)


@pytest.mark.parametrize(
    ("unit", "end", "inside"),
    [("year", date(2027, 1, 1), 12), ("month", date(2026, 3, 1), 28), ("day", date(2026, 2, 15), 0)],
)
def test_a_step_is_found_again_by_its_bounds_and_knows_what_lies_in_it(unit: str, end: date, inside: int) -> None:
    step = step_at(unit, date(2026, 2, 14))
    assert step.end == end and read_step(*step.bounds) == step
    assert len(narrower(step, date(2020, 1, 1), date(2030, 1, 1))) == inside
    if step.wider:
        assert step in narrower(step.wider, date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("begin", "end"), [("", ""), ("2026-01-01", "soon"), ("9999-12-31T00:00:00+00:00", ""), ("x", "y")]
)
def test_other_bounds_are_no_step(begin: str, end: str) -> None:
    assert read_step(begin, end) is None


def test_time_that_had_not_begun_or_has_not_come_is_not_offered() -> None:
    first, last = date(2025, 11, 20), date(2026, 2, 3)
    assert [step.title for step in narrower(None, first, last)] == ["2025", "2026"]
    assert [step.title for step in narrower(step_at("year", last), first, last)] == ["January 2026", "February 2026"]
    assert [step.title for step in narrower(step_at("month", last), first, last)] == [
        "1 February",
        "2 February",
        "3 February",
    ]
    # One year alone is not worth a click.
    assert [step.title for step in narrower(None, date(2026, 1, 9), last)] == ["January 2026", "February 2026"]


def test_a_list_is_narrowed_to_a_day_and_widened_again(
    supervising: Client, workspace: Workspace, session: Session
) -> None:
    then = datetime(2025, 3, 5, 12, tzinfo=UTC)
    Workspace.objects.update(created_at=datetime(2024, 6, 1, tzinfo=UTC))
    StoredEvent.objects.filter(session=session).update(timestamp=then)
    for step in (step_at("year", then.date()), step_at("month", then.date()), step_at("day", then.date())):
        begin, end = step.bounds
        answer = supervising.get(address(StoredEvent, "changelist"), {"timestamp__gte": begin, "timestamp__lt": end})
        assert [event.session for event in answer.context["cl"].result_list] == [session]
        assert step.unit == "year" or (step.wider and step.wider.title in answer.content.decode())
    other = step_at("day", date(2025, 3, 6)).bounds
    assert listed(supervising, StoredEvent, timestamp__gte=other[0], timestamp__lt=other[1]) == []
    assert str(timezone.localdate().year) in supervising.get(address(StoredEvent, "changelist")).content.decode()


def test_bounds_from_elsewhere_are_named_with_a_way_out(supervising: Client, session: Session) -> None:
    page = supervising.get(address(Session, "changelist"), {"created_at__gte": "2025-03-05T12:30:00+00:00"})
    text = " ".join(page.content.decode().split())
    assert "since 2025-03-05 12:30" in text and "All dates" in text


def test_the_times_offered_cost_no_look_at_the_listed_table(supervising: Client, session: Session) -> None:
    with CaptureQueriesContext(connection) as captured:
        supervising.get(address(StoredEvent, "changelist"))
    asked = [query["sql"] for query in captured if "sessions_app_storedevent" in query["sql"]]
    assert not [sql for sql in asked if "DISTINCT" in sql or "MIN(" in sql]


def test_an_action_is_carried_out_on_ticked_rows_and_never_on_all_of_a_list(
    supervising: Client, session: Session, agent: Agent
) -> None:
    runs(session, agent, 60)
    Run.objects.update(status=Run.Status.QUEUED)
    shown = supervising.get(address(Run, "changelist")).content.decode()
    assert "action-counter" in shown and "across all pages" not in shown
    newest = Run.objects.all()[:1]
    assert "never on all of a list" in said(act(supervising, "cancel", *newest, select_across="1"))[0]
    assert "no more than 200" in said(act(supervising, "cancel", *(list(newest) * 201)))[0]
    assert not Run.objects.exclude(status=Run.Status.QUEUED).exists()


def test_logins_can_still_be_chosen_all_at_once(superuser: Client) -> None:
    User.objects.bulk_create(User(username=f"user-{number}") for number in range(101))
    assert "across all pages" in superuser.get(address(User, "changelist")).content.decode()
