"""The demo finds whatever is missing or wrong in a stream."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from config.demo.heard import Heard
from config.demo.log_checks import missed_in_log
from tests.demo.story import told


def altered(change: Callable[[Heard], Heard | None]) -> list[str]:
    """What is found wrong when each event was changed so, or left out."""
    return missed_in_log([new for event in told().events if (new := change(event)) is not None])


def with_data(event: Heard, **data: object) -> Heard:
    return replace(event, data={**event.data, **data})


def test_nothing_is_wrong_with_a_whole_story() -> None:
    assert missed_in_log(told().events) == []


@pytest.mark.parametrize("seq", [event.seq for event in told().events[:-1] if event.seq is not None])
def test_every_lost_durable_event_is_missed_by_its_seq(seq: int) -> None:
    assert f"seq {seq} was missed: {seq + 1} came in its place." in altered(
        lambda event: None if event.seq == seq else event
    )


def test_an_event_that_comes_twice_is_found() -> None:
    first, *rest = told().events
    assert missed_in_log([first, first, *rest]) == ["seq 2 was missed: 1 came in its place."]


@pytest.mark.parametrize("index", [i for i, event in enumerate(told().events) if event.type.endswith("_chunk")])
def test_every_lost_chunk_is_missed(index: int) -> None:
    events = told().events
    message_id = events.pop(index).data["message_id"]
    assert any(message_id in found for found in missed_in_log(events))


def test_a_chunk_that_comes_twice_is_found() -> None:
    events = [copy for event in told().events for copy in ([event] * (2 if event.type == "message_chunk" else 1))]
    assert any("does not follow the words before it" in found for found in missed_in_log(events))


def test_a_message_settled_with_other_words_than_were_heard_is_found() -> None:
    found = altered(
        lambda event: with_data(event, text="Else.") if event.run and event.type == "message_completed" else event
    )
    assert len(found) == 3 and "instead of 'Else.'" in found[0]


def test_a_message_without_text_is_found() -> None:
    found = altered(lambda event: with_data(event, text="") if "text" in event.data and event.run else event)
    assert "reasoning_completed of m1 has no text." in found


def test_a_message_that_is_never_completed_is_found() -> None:
    found = altered(lambda event: None if event.type == "message_completed" and event.run == "no" else event)
    assert any("was never completed" in line for line in found)


def test_a_message_that_was_taken_back_owes_nothing() -> None:
    story = told()
    story.tell("message_started", "no", message_id="late")
    story.tell("message_discarded", "no", message_id="late")
    assert missed_in_log(story.events) == []


@pytest.mark.parametrize("more", ["run_completed", "run_failed", "run_cancelled"])
def test_a_second_terminal_event_is_found(more: str) -> None:
    story = told()
    story.tell(more, "yes")
    assert missed_in_log(story.events) == ["The run yes has 2 terminal events instead of one."]


def test_a_run_without_terminal_event_is_found() -> None:
    found = altered(lambda event: None if event.type == "run_completed" and event.run == "where" else event)
    assert "The run where has 0 terminal events instead of one." in found
