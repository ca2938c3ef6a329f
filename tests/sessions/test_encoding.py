"""How events travel on the bus, and how text is made fit to be kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.events.encoding import Grown, clean, clean_text, from_wire, grown_to_wire, to_wire
from sessions_app.events.types import CHUNKS, Event, EventType, Visibility
from tests.sessions.makers import AT, event

anything = st.text(st.characters())  # lone surrogates and NUL included
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(anything | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)
events = st.builds(
    Event,
    type=st.sampled_from(sorted(set(EventType) - CHUNKS)),
    session=st.text(min_size=1),
    timestamp=st.just(AT),
    data=st.dictionaries(anything, values, max_size=4).map(clean),
    seq=st.none() | st.integers(1, 2**60),
    run=st.none() | st.uuids().map(str),
    visibility=st.sampled_from(Visibility),
    open=st.booleans(),
)


@given(events)
def test_an_event_comes_off_the_wire_as_it_went_on(sent: Event) -> None:
    assert from_wire(to_wire(sent)) == sent


def test_a_chunk_comes_off_the_wire_as_it_went_on() -> None:
    sent = event(EventType.MESSAGE_CHUNK, {"message_id": "m", "offset": 3, "text": "狐"})
    assert from_wire(to_wire(sent)) == sent


def test_that_the_log_has_grown_travels_as_a_number() -> None:
    assert from_wire(grown_to_wire(7)) == Grown(7)


@given(values)
def test_whatever_is_cleaned_can_be_stored_and_sent(value: Any) -> None:
    cleaned = clean(value)
    # Strict JSON in UTF-8 without NUL is what both databases and every browser take.
    wire = json.dumps(cleaned, ensure_ascii=False, allow_nan=False).encode()
    assert b"\\u0000" not in wire
    assert json.loads(wire) == cleaned


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_text_that_is_fit_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


@given(anything)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\udc00b", "\ufffdb"),
        ("end\ud83d", "end\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ufeffa\ud800", "\ufeffa\ufffd"),
    ],
)
def test_only_what_is_unfit_is_replaced(dirty: str, cleaned: str) -> None:
    assert clean_text(dirty) == cleaned


def test_numbers_that_json_does_not_know_become_null() -> None:
    assert clean({"a": float("nan"), "b": [float("inf")], "c": 1.5}) == {"a": None, "b": [None], "c": 1.5}


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b"5",
        b"null",
        b'"last_seq"',
        b"[1, 2]",
        b"{}",
        b'{"last_seq": "many"}',
        b'{"last_seq": null}',
        b'{"type": "no_such_type"}',
        b'{"type": []}',
        b"[" * 100_000,
    ],
)
def test_what_was_not_made_here_is_refused(garbage: bytes) -> None:
    with pytest.raises(ValueError):
        from_wire(garbage)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("session", 5),
        ("timestamp", 5),
        ("timestamp", "noon"),
        ("data", "text"),
        ("data", None),
        ("seq", "9"),
        ("seq", True),
        ("run", 5),
        ("visibility", "everybody"),
        ("open", "yes"),
    ],
)
def test_an_event_with_one_field_of_the_wrong_kind_is_refused(field: str, value: object) -> None:
    made = json.loads(to_wire(Event(type=EventType.NOTICE, session="s", timestamp=AT, data={})))
    with pytest.raises(ValueError):
        from_wire(json.dumps({**made, field: value}).encode())


@pytest.mark.parametrize("data", [{}, {"message_id": "m"}, {"message_id": "m", "offset": "0", "text": "a"}])
def test_a_chunk_that_is_not_addressed_is_refused(data: dict[str, str]) -> None:
    made = json.loads(to_wire(Event(type=EventType.MESSAGE_CHUNK, session="s", timestamp=AT, data={})))
    with pytest.raises(ValueError):
        from_wire(json.dumps({**made, "data": data}).encode())


def test_a_time_without_a_zone_is_no_event() -> None:
    forged = json.loads(to_wire(event(EventType.NOTICE, {}, seq=1)))
    forged["timestamp"] = "2026-01-01T00:00:00"
    with pytest.raises(ValueError, match="time zone"):
        from_wire(json.dumps(forged).encode())
