"""Where a reader says it is, and what is made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.streaming.cursors import Resume, parse_cursor, parse_cursors, settle, write_cursors


@given(st.integers(0, 10**18 - 1))
def test_a_seq_is_where_reading_begins(seq: int) -> None:
    assert parse_cursor(str(seq)) == Resume(seq)


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_cursor_means_the_beginning_and_is_no_problem(nothing: str | None) -> None:
    assert parse_cursor(nothing) == Resume(0)


@pytest.mark.parametrize("nonsense", ["abc", "-1", "1.5", " 1", "1e3", "٣", "²", "9" * 19, "1\n", "0x1", "a=1"])
def test_nonsense_means_the_beginning_and_says_so(nonsense: str) -> None:
    assert parse_cursor(nonsense) == Resume(0, "cursor_unreadable")


@given(st.text())
def test_no_text_at_all_can_break_the_parsing(text: str) -> None:
    parse_cursor(text)
    parse_cursors(text)


names = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:@-]*\Z")


@given(st.dictionaries(names, st.integers(0, 10**15), max_size=5))
def test_several_cursors_are_read_as_they_were_written(places: dict[str, int]) -> None:
    assert parse_cursors(write_cursors(places)) == {name: Resume(seq) for name, seq in places.items()}


def test_one_unreadable_cursor_does_not_spoil_the_others() -> None:
    assert parse_cursors("a=3,b=x,c=5") == {"a": Resume(3), "b": Resume(0, "cursor_unreadable"), "c": Resume(5)}


def test_a_cursor_within_the_log_is_believed() -> None:
    assert settle(Resume(5), last_seq=5, pruned_seq=5) == Resume(5)


def test_a_cursor_from_the_future_replays_everything_and_says_so() -> None:
    assert settle(Resume(6), last_seq=5, pruned_seq=0) == Resume(0, "cursor_ahead")


def test_a_cursor_from_before_the_oldest_kept_event_is_believed_and_told() -> None:
    assert settle(Resume(2), last_seq=9, pruned_seq=4) == Resume(2, "log_pruned")
    assert settle(Resume(0), last_seq=9, pruned_seq=4) == Resume(0, "log_pruned")


def test_the_first_problem_is_the_one_that_is_told() -> None:
    assert settle(Resume(0, "cursor_unreadable"), last_seq=9, pruned_seq=4).problem == "cursor_unreadable"


def test_a_cursor_that_names_no_session_is_a_problem_for_all_that_have_none_of_their_own() -> None:
    resumes = parse_cursors("a=3,17")
    assert (resumes["a"], resumes["b"]) == (Resume(3), Resume(0, "cursor_unreadable"))
