"""The native form of an event."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.events.types import EventType
from sessions_app.streaming.encoder import body, encode
from tests.sessions.event_source import EventSource
from tests.sessions.makers import AT, event

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), plain, max_size=4), st.integers(1, 2**53))
def test_a_durable_event_arrives_whole_with_its_seq_as_id(data: dict[str, Any], seq: int) -> None:
    (got,) = EventSource().feed(encode(event(EventType.TOOL_RESULT, data, seq=seq, run="r")))
    assert got.id == str(seq)
    assert json.loads(got.data) == {
        "seq": seq,
        "type": "tool_result",
        "session": "talk",
        "run": "r",
        "timestamp": AT.isoformat(),
        "data": data,
    }


def test_a_transient_event_carries_no_id() -> None:
    assert b"id:" not in encode(event(EventType.TYPING))


def test_no_frame_names_an_event_so_that_onmessage_sees_all() -> None:
    (got,) = EventSource().feed(encode(event(seq=1)))
    assert got.event == "message"


def test_a_stream_of_several_sessions_puts_its_own_id() -> None:
    (got,) = EventSource().feed(encode(event(seq=4), id="a=4,b=2"))
    assert got.id == "a=4,b=2"


def test_one_event_is_one_line_of_data_even_with_newlines_in_its_text() -> None:
    assert encode(event(EventType.ERROR, {"text": "a\r\nb\u2028c"})).count(b"data: ") == 1


def test_nothing_of_who_may_see_an_event_is_told_to_its_reader() -> None:
    assert body(event()).keys() == {"seq", "type", "session", "run", "timestamp", "data"}
