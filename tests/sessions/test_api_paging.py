"""Lists, page by page."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions_app.actors import SYSTEM
from sessions_app.api.paging import page
from sessions_app.exceptions import BadRequest
from sessions_app.models import Session
from sessions_app.services.sessions import close_session, open_session
from tests.builders import KeyClient
from tests.sessions.makers import tell
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db


def pages(api: KeyClient, limit: int, **query: str) -> list[list[str]]:
    found, cursor = [], ""
    while True:
        body = told(api.get("/sessions", limit=limit, cursor=cursor, **query))
        found.append([item["name"] for item in body["items"]])
        if body["next"] is None:
            return found
        cursor = body["next"]


@pytest.mark.parametrize("limit", [1, 7, 19, 20, 21, 200])
def test_the_pages_together_are_every_session_once_newest_first(
    api: KeyClient, sessions: list[Session], limit: int
) -> None:
    found = pages(api, limit)
    assert [name for names in found for name in names] == [session.name for session in reversed(sessions)]
    assert all(len(names) == limit for names in found[:-1])


def test_rows_that_arrive_meanwhile_repeat_and_hide_nothing(api: KeyClient, sessions: list[Session]) -> None:
    seen, cursor = [], ""
    for number in range(4):
        body = told(api.get("/sessions", limit=5, cursor=cursor))
        seen += [item["name"] for item in body["items"]]
        cursor = body["next"] or ""
        open_session(sessions[0].workspace, actor=SYSTEM, name=f"late-{number}")
    assert seen == [session.name for session in reversed(sessions)]


def test_sessions_of_the_same_instant_are_each_listed_once(api: KeyClient, sessions: list[Session]) -> None:
    Session.objects.update(created_at=sessions[0].created_at)
    found = [name for names in pages(api, 3) for name in names]
    assert sorted(found) == sorted(session.name for session in sessions)


def test_a_list_may_be_filtered(api: KeyClient, sessions: list[Session]) -> None:
    close_session(sessions[3], actor=SYSTEM)
    Session.objects.filter(pk=sessions[5].pk).update(customer="carla")
    assert pages(api, 50, status="closed") == [["talk-3"]]
    assert pages(api, 50, customer="carla") == [["talk-5"]]
    assert pages(api, 50, agent="nobody") == [[]]
    assert pages(api, 50, customer="a\x00b") == [[]]
    assert len(pages(api, 50, agent="demo", status="active")[0]) == 19
    assert refused(api.get("/sessions", status="asleep"), 422, "unprocessable")


@pytest.mark.parametrize(("asked", "given_out"), [(0, 1), (-5, 1), (10**30, 20)])
def test_a_limit_is_brought_into_bounds(api: KeyClient, sessions: list[Session], asked: int, given_out: int) -> None:
    assert len(told(api.get("/sessions", limit=asked))["items"]) == given_out


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "!!!!", "YQ==", "ü", base64.urlsafe_b64encode(b"2026-01-01T00:00:00+00:00|not-an-id").decode()],
)
def test_a_cursor_that_is_not_ours_is_400(api: KeyClient, sessions: list[Session], cursor: str) -> None:
    assert refused(api.get("/sessions", cursor=cursor), 400, "bad_request")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_cursor_at_all_can_break_a_list(sessions: list[Session], cursor: str) -> None:
    try:
        page(Session.objects.all(), cursor=cursor, limit=5)
    except BadRequest:
        return
    assert cursor == ""


def test_a_cursor_from_before_the_beginning_of_time_is_400(api: KeyClient, sessions: list[Session]) -> None:
    early = base64.urlsafe_b64encode(f"0001-01-01T00:00:00+10:00|{sessions[0].pk}".encode()).decode()
    assert refused(api.get("/sessions", cursor=early), 400, "bad_request")


def test_the_log_is_listed_page_by_page_until_it_ends(api: KeyClient, session: Session) -> None:
    for number in range(6):
        tell(session, str(number))
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        body = told(api.get("/sessions/talk/log", after=after, limit=3))
        seen += [item["seq"] for item in body["items"]]
        after = body["next"]
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_a_log_with_nothing_after_the_cursor_has_no_next_page(api: KeyClient, session: Session) -> None:
    assert told(api.get("/sessions/talk/log", after=1)) == {"items": [], "next": None}
    assert told(api.get("/sessions/talk/log", after=10**30)) == {"items": [], "next": None}
    session.events.all().delete()  # as retention does
    assert told(api.get("/sessions/talk/log")) == {"items": [], "next": None}


@pytest.mark.parametrize("query", [{"after": -1}, {"limit": 0}, {"limit": 1001}, {"after": "x"}])
def test_a_log_that_cannot_be_listed_so_is_422(api: KeyClient, session: Session, query: dict[str, object]) -> None:
    assert refused(api.get("/sessions/talk/log", **query), 422, "unprocessable")
