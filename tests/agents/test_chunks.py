"""Words are announced as they come: addressed, contiguous, and together exactly what the log will hold."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise
from typing import Any

import pytest
from pytest_django import Settings

from agents_app.backends.base import Assignment, BackendError, Step, ToolDesk
from sessions_app.events.channels import MAX_PAYLOAD_BYTES
from sessions_app.models import Session
from tests.agents.listening import overhearing
from tests.agents.scripted import DONE, Scripted, delta, settled, steps
from tests.agents.work import answered, ends, said
from tests.servers.valkey import TestValkey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
WORDS = ["日本語で", " 👩‍👩‍👧‍👦", "🙂🙃 ", "é", "e\u0301 ", "𓀀𓂀", "\n\n", "end."]


def word_by_word(words: list[str]) -> Scripted:
    """Leaves the loop time to announce each word by itself."""

    async def script(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        for word in words:
            yield delta(word)
            await asyncio.sleep(0.001)
        yield settled("".join(words))
        yield DONE

    return Scripted(script)


def chunks(heard: list[dict[str, Any]], kind: str = "message") -> list[dict[str, Any]]:
    return [event["data"] for event in heard if event["type"] == f"{kind}_chunk"]


def assert_contiguous(announced: list[dict[str, Any]], text: str) -> None:
    """The chunks of one message, in order, counted in code points, are its text."""
    assert "".join(chunk["text"] for chunk in announced) == text
    assert announced[0]["offset"] == 0
    assert all(later["offset"] == chunk["offset"] + len(chunk["text"]) for chunk, later in pairwise(announced))


def test_chunks_are_the_message_counted_in_code_points(session: Session, settings: Settings) -> None:
    settings.RUN_CHUNK_WINDOW_SECONDS = 0.0
    with overhearing(session) as listener:
        answered(session, "hello", word_by_word(WORDS))
        announced = chunks(listener.until("run_completed"))
    assert len(announced) == len(WORDS)
    assert_contiguous(announced, said(session)[0])
    assert said(session) == ["".join(WORDS)]


def test_the_demos_words_arrive_as_chunks_that_are_the_message(session: Session) -> None:
    with overhearing(session) as listener:
        answered(session, "hello")
        heard = listener.until("run_completed")
    assert_contiguous(chunks(heard), said(session)[0])


def test_chunks_lie_between_the_start_and_the_end_of_their_message(session: Session) -> None:
    with overhearing(session) as listener:
        answered(session, "hello", steps(delta("a"), settled("a"), delta("b", "q"), settled("b", "q"), DONE))
        heard = listener.until("run_completed")
    spoken = [event for event in heard if event["type"].startswith("message_") and event["run"]]
    assert [event["type"] for event in spoken] == ["message_started", "message_chunk", "message_completed"] * 2
    ids = [event["data"]["message_id"] for event in spoken]
    assert ids[0] == ids[1] == ids[2] != ids[3] == ids[4] == ids[5]


def test_parts_spoken_at_the_same_time_are_told_apart(session: Session, settings: Settings) -> None:
    settings.RUN_CHUNK_WINDOW_SECONDS = 0.0
    script: list[Step] = [delta("one "), delta("eins ", "q"), delta("two"), delta("zwei", "q"), settled("one two")]
    with overhearing(session) as listener:
        answered(session, "hello", steps(*script, settled("eins zwei", "q"), DONE))
        announced = chunks(listener.until("run_completed"))
    by_message: dict[str, list[dict[str, Any]]] = {}
    for chunk in announced:
        by_message.setdefault(chunk["message_id"], []).append(chunk)
    for own, text in zip(by_message.values(), ("one two", "eins zwei"), strict=True):
        assert_contiguous(own, text)


def test_the_words_of_one_window_are_announced_at_once(session: Session, settings: Settings) -> None:
    settings.RUN_CHUNK_WINDOW_SECONDS = 60.0
    with overhearing(session) as listener:
        answered(session, "hello", word_by_word(WORDS))
        announced = chunks(listener.until("run_completed"))
    assert [(chunk["offset"], chunk["text"]) for chunk in announced] == [(0, "".join(WORDS))]


def test_a_window_ends_by_itself_while_the_model_is_silent(session: Session) -> None:
    with overhearing(session) as listener:

        async def wait_to_be_heard(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
            yield delta("Hm.")
            heard = await asyncio.to_thread(listener.until, "message_chunk")
            assert chunks(heard)[0]["text"] == "Hm."
            yield settled("Hm.")
            yield DONE

        run = answered(session, "hello", Scripted(wait_to_be_heard))
    assert ends(run) == ["run_completed"]


def test_a_long_message_is_announced_in_chunks_that_fit_the_bus(session: Session) -> None:
    with overhearing(session) as listener:
        answered(session, "hello", steps(delta("🙂" * 200_000), settled("🙂" * 200_000), DONE))
        announced = chunks(listener.until("run_completed"))
    assert_contiguous(announced, "🙂" * 200_000)
    assert all(len(chunk["text"].encode()) < MAX_PAYLOAD_BYTES for chunk in announced)


def test_nothing_is_announced_of_a_message_after_it_was_taken_back(session: Session, settings: Settings) -> None:
    settings.RUN_CHUNK_WINDOW_SECONDS = 0.0
    with overhearing(session) as listener:
        # No moment passes between the word and the failure, so its window ends after the run's work did.
        answered(session, "hello", steps(delta("Wait"), BackendError("model_timeout", "Too slow.")))
        heard = listener.until("run_failed")
    assert [event["type"] for event in heard][-3:] == ["message_started", "message_discarded", "run_failed"]


def test_a_bus_that_is_away_costs_the_log_nothing(session: Session, valkey: TestValkey) -> None:
    valkey.kill()
    run = answered(session, "hello")
    assert ends(run) == ["run_completed"] and said(session)[0].startswith("Hello!")
