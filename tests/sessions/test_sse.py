"""Frames, as an EventSource reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.streaming import sse
from tests.sessions.event_source import Dispatched, EventSource

fields = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))


def lines(text: str) -> str:
    """What an EventSource can know of a text's line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.lists(st.tuples(st.text(), fields), max_size=5), st.integers(1, 7))
def test_any_data_arrives_as_it_was_sent_however_the_bytes_are_cut(sent: list[tuple[str, str]], size: int) -> None:
    wire = b"".join(sse.frame(data, id=id) for data, id in sent)
    source = EventSource()
    got = [event for at in range(0, len(wire), size) for event in source.feed(wire[at : at + size])]
    assert got == [Dispatched(lines(data), id) for data, id in sent]


@given(st.text(), fields.filter(bool))
def test_an_event_name_arrives_with_the_data(data: str, name: str) -> None:
    assert EventSource().feed(sse.frame(data, event=name)) == [Dispatched(lines(data), "", name)]


def test_a_frame_without_an_id_leaves_the_readers_cursor_where_it_was() -> None:
    source = EventSource()
    source.feed(sse.frame("one", id="7") + sse.frame("two"))
    assert source.last_event_id == "7"


@pytest.mark.parametrize("forged", ["1\ndata: forged", "1\r", "\x00", "a\x1fb", "\x7f"])
def test_an_id_or_a_name_cannot_forge_another_field(forged: str) -> None:
    with pytest.raises(ValueError):
        sse.frame("data", id=forged)
    with pytest.raises(ValueError):
        sse.frame("data", event=forged)
    with pytest.raises(ValueError):
        sse.comment(forged)


@given(st.text())
def test_data_cannot_forge_an_id_an_event_or_an_end(data: str) -> None:
    attack = f"{data}\n\nid: 99\nevent: evil\ndata: evil\r\r"
    assert EventSource().feed(sse.frame(attack, id="1")) == [Dispatched(lines(attack), "1")]


def test_a_comment_is_no_event() -> None:
    source = EventSource()
    assert source.feed(sse.comment("still here")) == []
    assert source.comments == [" still here"]


def test_retry_sets_how_long_a_client_waits() -> None:
    source = EventSource()
    assert source.feed(sse.retry(1500)) == []
    assert source.retry == 1500
