"""Whatever the bus does to the chunks of a message, one reader's text is contiguous."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.events.replay import Unsettled
from sessions_app.events.types import Event, EventType, Visibility
from sessions_app.streaming.spoken import Gap, Spoken
from tests.sessions.makers import event

ID = UUID(int=7)
WHOLE = "The quick brown fox — 狐狸 🦊 — jumps over the lazy dog."
STARTED = event(EventType.MESSAGE_STARTED, {"message_id": str(ID)}, seq=1)
LIKE = event(EventType.MESSAGE_CHUNK)


def chunk(start: int, end: int) -> Event:
    data = {"message_id": str(ID), "offset": start, "text": WHOLE[start:end]}
    return event(EventType.MESSAGE_CHUNK, data)


def unsettled(text: str = "") -> Unsettled:
    return Unsettled(ID, EventType.MESSAGE_CHUNK, None, Visibility.CUSTOMER, text)


places = st.integers(0, len(WHOLE))
arrivals = st.lists(st.tuples(places, places).map(sorted), max_size=30)


@given(arrivals, st.lists(places, max_size=30), st.booleans())
def test_any_mess_of_chunks_with_catch_ups_gives_contiguous_text(
    pieces: list[list[int]], known: list[int], saw_the_start: bool
) -> None:
    spoken, text = Spoken(), ""
    if saw_the_start:
        spoken.note(STARTED)
    for number, (start, end) in enumerate(pieces):
        try:
            given_out = spoken.trim(chunk(start, end))
        except Gap:
            so_far = WHOLE[: known[number % len(known)]] if known else ""
            given_out = spoken.catch_up(unsettled(), so_far, like=LIKE)
        if given_out is not None:
            assert given_out.data["offset"] == len(text)
            text += given_out.data["text"]
    assert text == WHOLE[: len(text)]


@given(st.permutations(range(10)))
def test_a_last_catch_up_always_completes_the_text(order: list[int]) -> None:
    spoken, text = Spoken(), ""
    spoken.note(STARTED)
    for number in order:
        try:
            piece = spoken.trim(chunk(number * 5, number * 5 + 5))
        except Gap:
            continue
        text += piece.data["text"] if piece else ""
    rest = spoken.catch_up(unsettled(), WHOLE, like=LIKE)
    assert text + (rest.data["text"] if rest else "") == WHOLE


def test_a_repeated_chunk_is_nothing_new() -> None:
    spoken = Spoken()
    spoken.note(STARTED)
    assert spoken.trim(chunk(0, 5)) == chunk(0, 5)
    assert spoken.trim(chunk(0, 5)) is None
    assert spoken.trim(chunk(2, 4)) is None


def test_an_overlapping_chunk_is_cut_to_what_is_new() -> None:
    spoken = Spoken()
    spoken.note(STARTED)
    spoken.trim(chunk(0, 5))
    assert spoken.trim(chunk(3, 9)) == chunk(5, 9)


def test_missing_words_and_an_unknown_message_are_gaps() -> None:
    spoken = Spoken()
    with pytest.raises(Gap):
        spoken.trim(chunk(0, 5))
    spoken.note(STARTED)
    with pytest.raises(Gap):
        spoken.trim(chunk(4, 9))


@pytest.mark.parametrize("end", [EventType.MESSAGE_COMPLETED, EventType.MESSAGE_DISCARDED])
def test_words_that_arrive_after_the_end_are_old_news(end: EventType) -> None:
    spoken = Spoken()
    spoken.note(STARTED)
    spoken.note(event(end, {"message_id": str(ID)}, seq=2))
    assert spoken.trim(chunk(0, 5)) is None
    assert spoken.trim(chunk(30, 40)) is None
    assert spoken.catch_up(unsettled(), WHOLE, like=LIKE) is None


def test_a_message_that_is_no_longer_spoken_is_forgotten() -> None:
    spoken = Spoken()
    spoken.note(STARTED)
    spoken.trim(chunk(0, 5))
    spoken.forget_all_but([unsettled()])
    assert spoken.trim(chunk(5, 6)) == chunk(5, 6)
    spoken.forget_all_but([])
    with pytest.raises(Gap):
        spoken.trim(chunk(6, 7))
