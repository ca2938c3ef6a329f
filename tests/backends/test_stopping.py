"""Work stops when its reader stops, whoever that is, and leaves nothing running behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel

from agents_app.backends.base import Delta
from agents_app.backends.llm import LlmBackend
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import HANG, all_steps, backend, call, prompted
from tests.patience import PATIENCE_SECONDS


class EndlessModel:
    """Says one word after the other until it is stopped; remembers how many were taken and that it ended."""

    def __init__(self, *, silent_after: int | None = None) -> None:
        self.words = 0
        self.silent_after = silent_after
        self.stopped = asyncio.Event()

    async def stream(self, messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        try:
            while self.words != self.silent_after:
                self.words += 1
                yield f"{self.words} "
            await asyncio.Event().wait()
        finally:
            self.stopped.set()

    def backend(self) -> LlmBackend:
        return LlmBackend(lambda name: FunctionModel(stream_function=self.stream))


def alone() -> bool:
    return asyncio.all_tasks() == {asyncio.current_task()}


async def test_closing_the_generator_in_the_middle_of_a_sentence_stops_the_model() -> None:
    model = EndlessModel()
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(model.backend().work(prompted(), FakeDesk())) as steps:
        assert isinstance(await anext(steps), Delta)
    assert model.stopped.is_set()
    assert alone()


async def test_cancelling_the_reader_while_the_model_is_silent_stops_the_model() -> None:
    model = EndlessModel(silent_after=1)
    spoke = asyncio.Event()

    async def read() -> None:
        async with aclosing(model.backend().work(prompted(), FakeDesk())) as steps:
            async for _ in steps:
                spoke.set()

    reader = asyncio.create_task(read())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await spoke.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
    assert model.stopped.is_set()
    assert alone()


async def test_steps_may_be_read_and_the_work_closed_from_different_tasks() -> None:
    model = EndlessModel()
    steps = model.backend().work(prompted(), FakeDesk())
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(3):
            assert isinstance(await asyncio.create_task(anext(steps)), Delta)
        await asyncio.create_task(steps.aclose())
    assert model.stopped.is_set()
    assert alone()


async def test_closing_while_a_tool_runs_cancels_the_tool() -> None:
    started, cancelled = asyncio.Event(), asyncio.Event()

    class WatchedDesk(FakeDesk):
        async def run(self, tool, tool_call_id, arguments, code):  # type: ignore[no-untyped-def]
            started.set()
            try:
                return await code()
            except asyncio.CancelledError:
                cancelled.set()
                raise

    reader = asyncio.create_task(all_steps(backend(call("hang", "h")), prompted("go", HANG), WatchedDesk()))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await started.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
    assert cancelled.is_set()
    assert alone()


async def test_work_that_is_never_read_never_starts() -> None:
    model = EndlessModel()
    await model.backend().work(prompted(), FakeDesk()).aclose()
    assert model.words == 0
    assert alone()


async def test_the_model_waits_for_a_reader_that_is_slow() -> None:
    model = EndlessModel()
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(model.backend().work(prompted(), FakeDesk())) as steps:
        for _ in range(3):
            await anext(steps)
        taken = model.words
        for _ in range(100):
            await asyncio.sleep(0)
        assert model.words - taken <= 2
