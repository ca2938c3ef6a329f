"""How things stand in a conversation, as the chat page's module tells it from the events."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab

TAKE = """async ([events, message]) => {
    const {Standing} = await import("/static/handrail/chat/standing.js");
    const standing = new Standing();
    return events.map(([type, run, data]) => {
        standing.take({type, run, data});
        const {status, operator, doing, speaking} = standing;
        return {status, operator, run: standing.run, doing, speaking, waits: standing.waits(message)};
    });
}"""
Happening = tuple[str, str | None, dict[str, Any]]


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab()


def stood(page: Page, *events: Happening, message: str = "") -> list[dict[str, Any]]:
    """How things stood after each event."""
    found: list[dict[str, Any]] = page.evaluate(TAKE, [[list(event) for event in events], message])
    return found


def said(message: str, role: str = "customer") -> Happening:
    return ("message_completed", None, {"message_id": message, "role": role})


def test_a_message_waits_from_when_its_run_is_in_line_until_it_is_taken_up(page: Page) -> None:
    events = [said("m1"), ("run_queued", "r1", {}), ("run_started", "r1", {})]
    assert [now["waits"] for now in stood(page, *events, message="m1")] == [False, True, False]


def test_a_second_message_waits_behind_the_run_at_work(page: Page) -> None:
    events = [
        said("m1"), ("run_queued", "r1", {}), ("run_started", "r1", {}),
        said("m2"), ("run_queued", "r2", {}), ("run_completed", "r1", {}), ("run_started", "r2", {}),
    ]  # fmt: skip
    told = stood(page, *events, message="m2")[3:]
    assert [(now["run"], now["doing"], now["waits"]) for now in told] == [
        ("r1", "working", False),
        ("r1", "working", True),
        ("r2", "queued", True),
        ("r2", "working", False),
    ]


def test_a_message_that_was_withdrawn_waits_no_more(page: Page) -> None:
    events = [said("m1"), ("run_queued", "r1", {}), ("message_discarded", None, {"message_id": "m1"})]
    assert [now["waits"] for now in stood(page, *events, message="m1")] == [False, True, False]


@pytest.mark.parametrize(
    ("waiting_for", "doing"), [(["permission"], "permission"), (["input"], "input"), (["input", "permission"], "input")]
)
def test_a_parked_run_says_what_it_waits_for_and_goes_on(page: Page, waiting_for: list[str], doing: str) -> None:
    events: list[Happening] = [
        ("run_started", "r1", {}),
        ("run_waiting", "r1", {"waiting_for": waiting_for}),
        ("run_resumed", "r1", {}),
        ("run_completed", "r1", {}),
    ]
    assert [now["doing"] for now in stood(page, *events)] == ["working", doing, "working", ""]


def test_whoever_accepts_serves_until_the_session_moves_on(page: Page) -> None:
    events: list[Happening] = [
        ("status_change", None, {"status": "waiting"}),
        ("status_change", None, {"status": "staffed"}),
        ("handoff_accepted", None, {"operator": "olga"}),
        ("handoff_transferred", None, {"from": "olga", "to": "tom"}),
        ("status_change", None, {"status": "active"}),
        ("session_closed", None, {}),
    ]
    assert [(now["status"], now["operator"]) for now in stood(page, *events)] == [
        ("waiting", ""),
        ("staffed", ""),
        ("staffed", "olga"),
        ("staffed", "tom"),
        ("active", ""),
        ("closed", ""),
    ]


def test_somebody_speaks_from_the_first_word_to_the_last(page: Page) -> None:
    started: Happening = ("message_started", "r1", {"message_id": "m", "role": "agent"})
    chunk: Happening = ("message_chunk", "r1", {"message_id": "m"})
    assert [now["speaking"] for now in stood(page, started, chunk, said("m", "agent"))] == [True, True, False]


def test_a_run_that_ends_in_mid_sentence_speaks_no_more(page: Page) -> None:
    events: list[Happening] = [
        ("run_started", "r1", {}),
        ("message_started", "r1", {"message_id": "m", "role": "agent"}),
        ("run_cancelled", "r1", {"by": "operator"}),
    ]
    assert [now["speaking"] for now in stood(page, *events)] == [False, True, False]
