"""The vocabulary keeps its own rules."""

from pathlib import Path

import pytest

from sessions_app.events import types
from sessions_app.events.types import (
    CHUNKS,
    OPERATORS_ONLY,
    OPERATORS_ONLY_KEYS,
    RUN_ENDS,
    TRANSIENT,
    EventType,
    Visibility,
    default_visibility,
)
from tests.sessions.makers import event


def test_an_event_is_durable_exactly_when_it_has_a_seq() -> None:
    assert event(seq=1).durable
    assert not event().durable


@pytest.mark.parametrize("type", EventType)
def test_every_type_says_in_its_name_what_goes_over_the_wire(type: EventType) -> None:
    assert type.value == type.name.lower()


def test_chunks_are_transient_and_ends_of_runs_are_durable() -> None:
    assert CHUNKS <= TRANSIENT
    assert not RUN_ENDS & TRANSIENT


def test_no_type_is_both_hidden_whole_and_hidden_in_parts() -> None:
    assert not OPERATORS_ONLY & OPERATORS_ONLY_KEYS.keys()


@pytest.mark.parametrize("type", EventType)
def test_a_type_that_is_for_operators_is_so_by_default(type: EventType) -> None:
    assert default_visibility(type) is (Visibility.OPERATOR if type in OPERATORS_ONLY else Visibility.CUSTOMER)


def test_the_vocabulary_is_plain_python() -> None:
    source = Path(types.__file__).read_text()
    assert not any(word in source for word in ("django", "redis", "ninja", "celery"))
