"""The list of sessions: who waits comes first, and whatever one looks for is found."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from agents_app.models import Agent
from sessions_app.actors import SYSTEM
from sessions_app.admin.sessions import in_words
from sessions_app.models import Session, Workspace
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.sessions import close_session, open_session
from tests.admin.pages import address, listed
from tests.admin.rows import Rows
from tests.sessions.makers import tell

pytestmark = pytest.mark.django_db


def opened(workspace: Workspace, name: str, *, waits: str = "", seconds: int = 0) -> Session:
    session = open_session(workspace, actor=SYSTEM, name=name, customer=f"customer-{name}")
    if waits:
        request_handoff(session, actor=SYSTEM, priority=waits)
        Session.objects.filter(pk=session.pk).update(status_changed_at=timezone.now() - timedelta(seconds=seconds))
    return session


def names(client: Client, **query: str) -> list[str]:
    return [session.name for session in listed(client, Session, **query) if isinstance(session, Session)]


@pytest.fixture
def several(workspace: Workspace, agent: Agent) -> Workspace:
    """A closed one, two that an agent serves, and three that wait."""
    over = close_session(opened(workspace, "over"), actor=SYSTEM)
    Session.objects.filter(pk=over.pk).update(erased_at=timezone.now())
    opened(workspace, "quiet")
    opened(workspace, "lively")
    opened(workspace, "short", waits="high", seconds=61)
    opened(workspace, "long", waits="high", seconds=361)
    opened(workspace, "urgent", waits="urgent", seconds=5)
    return workspace


def test_the_most_urgent_wait_is_first_and_what_is_closed_last(supervising: Client, several: Workspace) -> None:
    assert names(supervising) == ["urgent", "long", "short", "lively", "quiet", "over"]


def test_every_column_can_be_sorted_by_unless_it_is_a_text(supervising: Client, several: Workspace) -> None:
    page = supervising.get(address(Session, "changelist")).content.decode()
    assert page.count('class="sortable') == 10


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "open"}, {"quiet", "lively", "short", "long", "urgent"}),
        ({"status": "closed"}, {"over"}),
        ({"status__exact": "waiting"}, {"short", "long", "urgent"}),
        ({"sla": "warning"}, {"short", "long"}),
        ({"sla": "breach"}, {"long"}),
        ({"priority__exact": "urgent"}, {"urgent"}),
        ({"agent": "nobody"}, set()),
        ({"erased": "yes"}, {"over"}),
        ({"erased": "no", "status": "closed"}, set()),
    ],
)
def test_filters(supervising: Client, several: Workspace, query: dict[str, str], expected: set[str]) -> None:
    assert set(names(supervising, **query)) == expected


def test_the_time_somebody_waits_is_shown_with_what_the_sla_says_of_it(supervising: Client, several: Workspace) -> None:
    page = supervising.get(address(Session, "changelist"), {"status": "waiting"}).content.decode()
    assert 'data-level="breach">6 min SLA breached' in page
    assert 'data-level="warning">1 min SLA warning' in page
    assert 'data-level="fine">' in page


def test_who_serves_can_be_filtered_by_and_nobody_as_well(
    supervising: Client, several: Workspace, operator: User
) -> None:
    Session.objects.filter(name="long").update(status="staffed", operator=operator)
    assert names(supervising, operator="operator") == ["long"]
    assert "long" not in names(supervising, operator="-")


def test_agents_and_operators_of_other_workspaces_are_not_offered(
    supervising: Client, rows: Rows, foreign_rows: Rows
) -> None:
    page = supervising.get(address(Session, "changelist")).content.decode()
    assert "?agent=agent-ours" in page and "?operator=member-ours" in page
    assert "theirs" not in page


def test_a_search_finds_words_of_messages_among_what_the_filters_leave(supervising: Client, several: Workspace) -> None:
    tell(Session.objects.get(name="quiet"), "The parcel was empty.")
    tell(Session.objects.get(name="over"), "An empty box!")
    assert set(names(supervising, q="empty")) == {"quiet", "over"}
    assert names(supervising, q="empty", status="open") == ["quiet"]
    assert names(supervising, q="customer-long") == ["long"]
    assert names(supervising, q="nothing like it") == []


def test_a_search_finds_nothing_of_another_workspace(supervising: Client, stranger: Client, several: Workspace) -> None:
    tell(Session.objects.get(name="quiet"), "The parcel was empty.")
    assert names(stranger, q="empty") == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (61, "1 min"), (3_700, "1 h 1 min"), (180_000, "2 d 2 h")]
)
def test_a_wait_in_words(seconds: int, words: str) -> None:
    assert in_words(seconds) == words
