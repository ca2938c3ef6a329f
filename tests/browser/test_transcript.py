"""The browser's fold of a log and the server's are one."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from sessions_app.events.types import TRANSIENT, Event, EventType
from sessions_app.streaming.encoder import body
from sessions_app.transcript import fold
from tests.browser.conftest import Tab
from tests.browser.house import House
from tests.sessions.makers import event

T = EventType
FOLD = """async ([entries, events]) => {
    const {Transcript} = await import("/static/handrail/transcript.js");
    const transcript = new Transcript(entries);
    events.forEach((event) => transcript.apply(event));
    return transcript.entries();
}"""
DURABLE = sorted(set(EventType) - TRANSIENT)


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab()


def folded(page: Page, events: list[Event], entries: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    wire = json.loads(json.dumps([body(event) for event in events]))
    result: list[dict[str, Any]] = page.evaluate(FOLD, [entries or [], wire])
    return result


STORY = [
    event(T.SESSION_STARTED, {"agent": "demo"}, seq=1),
    event(T.MESSAGE_STARTED, {"message_id": "c", "role": "customer"}, seq=2),
    event(T.MESSAGE_COMPLETED, {"message_id": "c", "role": "customer", "text": "refund 👍🏽"}, seq=3),
    event(T.RUN_QUEUED, {}, seq=4, run="r"),
    event(T.REASONING_STARTED, {"message_id": "t"}, seq=5, run="r"),
    event(T.MESSAGE_STARTED, {"message_id": "t", "role": "agent"}, seq=6, run="r"),
    event(T.MESSAGE_DISCARDED, {"message_id": "t", "part": "reasoning"}, seq=7, run="r"),
    event(T.MESSAGE_DISCARDED, {"message_id": "t", "part": "message"}, seq=8, run="r"),
    event(T.TOOL_STATUS, {"tool_call_id": "1", "status": "proposed", "arguments": {"a": [1, None]}}, seq=9, run="r"),
    event(T.PERMISSION_REQUEST, {"request_id": "p", "tool_call_id": "1", "kind": "approval"}, seq=10, run="r"),
    event(T.PERMISSION_CLEARED, {"request_id": "p", "kind": "approval", "outcome": "denied"}, seq=11, run="r"),
    event(T.TOOL_STATUS, {"tool_call_id": "1", "status": "denied"}, seq=12, run="r"),
    event(T.TOOL_RESULT, {"tool_call_id": "1", "success": False, "result": None}, seq=13, run="r"),
    event(T.ARTIFACT, {"artifact_id": "a", "kind": "chart", "content": {"x": []}}, seq=14, run="r"),
    event(T.NOTICE, {"code": "x", "seq": 99, "at": "never", "run": "z", "last_seq": 7, "status": "s"}, seq=15),
    event(T.OPERATOR_NOTE, {"note_id": "n", "text": "<b>"}, seq=16),
    event(T.RUN_FAILED, {"code": "c"}, seq=17, run="r"),
    event(T.SESSION_CLOSED, {}, seq=18),
]


def test_a_story_becomes_the_same_entries(page: Page) -> None:
    entries = folded(page, STORY)
    assert entries == fold(STORY)
    assert len(entries) > 8


def test_a_page_goes_on_from_the_entries_the_server_has_folded(page: Page) -> None:
    for cut in range(len(STORY)):
        assert folded(page, STORY[cut:], fold(STORY[:cut])) == fold(STORY)


def test_a_real_log_becomes_what_the_transcript_endpoint_says(house: House, page: Page) -> None:
    session = house.open_session()
    with house.product() as product:
        for text in ("hello", "where is order 1001", "plan a shop", "fail"):
            product.say(session, text)
        while sum(event["type"] in ("run_completed", "run_failed") for event in product.log(session)) < 4:
            page.wait_for_timeout(100)
        entries = page.evaluate(FOLD, [[], product.log(session)])
        assert entries == product.get(f"/sessions/{session}/transcript")["entries"]
        assert {entry["kind"] for entry in entries} >= {"message", "reasoning", "tool", "artifact", "run_failed"}


IDS = st.sampled_from(["a", "b"])
DATA = st.fixed_dictionaries(
    {},
    optional={
        "message_id": IDS,
        "tool_call_id": IDS,
        "request_id": IDS,
        "part": st.sampled_from(["message", "reasoning"]),
        "status": IDS,
        "kind": IDS,
        "seq": st.integers(0, 9),
        "text": st.text(max_size=3),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.lists(st.tuples(st.sampled_from(DURABLE), DATA), max_size=30))
def test_any_story_becomes_the_same_entries(page: Page, happened: list[tuple[EventType, dict[str, Any]]]) -> None:
    events = [event(type, data, seq=place) for place, (type, data) in enumerate(happened, 1)]
    assert folded(page, events) == fold(events)
