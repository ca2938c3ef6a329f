"""A request that failed before anything of its answer came is made again; a word that was spoken is never repeated."""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace

import pytest
from pydantic_ai.exceptions import ModelHTTPError

from agents_app.backends import retrying
from agents_app.backends.base import Assignment, BackendError, Delta, Settled
from agents_app.backends.llm import LlmBackend
from tests.backends.fake_desk import FakeDesk
from tests.backends.openai_stub import Stub, Trouble, serving
from tests.backends.scripted import LOOKUP, all_steps, prompted, said, used
from tests.clock import put_forward
from tests.patience import PATIENCE_SECONDS

KEY = "sk-very-secret"
SILENCE_SECONDS = PATIENCE_SECONDS / 2
PASSING: list[Trouble] = [408, 429, 500, 502, 503, 529, "closed", "sorry"]


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    monkeypatch.setattr(retrying, "FIRST_PAUSE_SECONDS", 0.01)
    with serving() as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield stub


def asking(model: str = "kind") -> Assignment:
    return replace(prompted(), model=f"openai:{model}")


async def failure(assignment: Assignment, **options: float) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await all_steps(LlmBackend(**options), assignment, FakeDesk())  # type: ignore[arg-type]  # one option is an int
    assert KEY not in repr(caught.value)
    return caught.value


@pytest.mark.parametrize("trouble", PASSING)
async def test_what_passes_is_waited_out_and_the_answer_comes_once(provider: Stub, trouble: Trouble) -> None:
    provider.trouble.extend([trouble, trouble])
    steps = await all_steps(LlmBackend(), asking(), FakeDesk())
    assert said(steps) == ["One moment."]
    assert len(provider.asked) == 3
    assert provider.asked[0] == provider.asked[1] == provider.asked[2]
    assert used(steps)["requests"] == 1


async def test_a_provider_that_is_silent_once_is_asked_again(provider: Stub) -> None:
    provider.trouble.append("silent")
    reading = asyncio.create_task(all_steps(LlmBackend(silence_seconds=SILENCE_SECONDS), asking(), FakeDesk()))
    await provider.until_asked()
    put_forward(SILENCE_SECONDS)
    assert said(await reading) == ["One moment."]
    assert len(provider.asked) == 2


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(429, "model_rate_limited"), (500, "model_unavailable"), ("closed", "model_unavailable"), (504, "model_timeout")],
)
async def test_trouble_that_does_not_pass_fails_the_run_after_the_last_try(
    provider: Stub, trouble: Trouble, code: str
) -> None:
    provider.trouble.extend([trouble] * 9)
    assert (await failure(asking(), retries=2)).code == code
    assert len(provider.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_request_that_is_wrong_is_not_made_again(provider: Stub, status: int) -> None:
    provider.trouble.append(status)
    await failure(asking())
    assert len(provider.asked) == 1


async def test_a_provider_that_says_there_is_no_use_is_not_asked_again(provider: Stub) -> None:
    provider.headers["x-should-retry"] = "false"
    provider.trouble.append(429)
    await failure(asking())
    assert len(provider.asked) == 1


@pytest.mark.parametrize("model", ["cut", "cut-late", "sorry"])
async def test_an_answer_that_broke_off_after_its_first_words_is_not_asked_for_again(
    provider: Stub, model: str
) -> None:
    heard = ["Let me ", "think.", "One "] if model == "cut-late" else ["Let me "]
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(LlmBackend().work(asking(model), FakeDesk())) as steps:
        for text in heard:
            piece = await anext(steps)
            # The thought is settled before the message begins.
            piece = await anext(steps) if isinstance(piece, Settled) else piece
            assert isinstance(piece, Delta) and piece.text == text
        with pytest.raises(BackendError) as caught:
            await anext(steps)
    assert caught.value.code == "model_unavailable"
    assert len(provider.asked) == 1


async def test_each_request_of_a_run_has_its_own_tries_and_no_tool_runs_twice(provider: Stub) -> None:
    desk = FakeDesk()
    work = LlmBackend().work(replace(asking(), tools=(LOOKUP,)), desk)
    told = []
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(work) as steps:
        provider.trouble.extend([429, 500, 503])
        async for step in steps:
            told.append(step)
            if said([step]) == ["One moment."]:
                provider.trouble.extend([429, 500, 503])
    assert said(told) == ["One moment.", 'It says: {"order":"A1","total":50}']
    assert desk.executed == [("lookup", {"order": "A1"})]
    assert len(provider.asked) == 8


async def test_waits_as_long_as_the_provider_asks_for(provider: Stub) -> None:
    provider.headers["retry-after"] = "1"
    provider.trouble.append(429)
    began = time.monotonic()
    await all_steps(LlmBackend(), asking(), FakeDesk())
    assert time.monotonic() - began >= 1


async def test_a_provider_that_asks_for_an_hour_is_not_waited_for(provider: Stub) -> None:
    provider.headers["retry-after"] = "3600"
    provider.trouble.append(429)
    assert (await failure(asking())).code == "model_rate_limited"


async def test_stopping_while_it_waits_to_ask_again_leaves_nothing_running(provider: Stub) -> None:
    provider.headers["retry-after"] = "25"
    provider.trouble.append(429)
    steps = LlmBackend().work(asking(), FakeDesk())
    reading = asyncio.create_task(anext(steps))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await provider.until_asked()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await steps.aclose()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_second_try_is_logged_with_neither_the_key_nor_the_conversation(
    provider: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    provider.trouble.append(429)
    with caplog.at_level(logging.INFO):
        await all_steps(LlmBackend(), replace(asking(), prompt="my diary"), FakeDesk())
    assert "run run-1: " in caplog.text
    assert KEY not in caplog.text and "diary" not in caplog.text


def test_pauses_grow_to_a_bound_and_no_two_runs_wait_alike() -> None:
    error = ModelHTTPError(500, "m")
    pauses = [[retrying.pause_before(tried, error) for _ in range(50)] for tried in (1, 2, 3, 30)]
    assert [max(some) <= most for some, most in zip(pauses, (0.5, 1, 2, 8), strict=True)] == [True] * 4
    assert [min(some) >= least for some, least in zip(pauses, (0.25, 0.5, 1, 4), strict=True)] == [True] * 4
    assert len(set(pauses[0])) > 1
