"""Several streams over one connection: nothing is lost, nobody is left behind."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from sessions_app.streaming.merging import merge
from tests.patience import PATIENCE_SECONDS


class Source:
    """Yields what it is fed, and remembers how far it was asked and whether it was closed."""

    def __init__(self, *items: str) -> None:
        self._items: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        self.given = 0
        self.open = False
        for item in items:
            self.feed(item)

    def feed(self, item: str | Exception | None) -> None:
        """None ends it, an error fails it."""
        self._items.put_nowait(item)

    async def stream(self) -> AsyncGenerator[str, None]:
        self.open = True
        try:
            while (item := await self._items.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                self.given += 1
                yield item
        finally:
            await asyncio.sleep(0)  # closing may take a moment
            self.open = False


async def test_each_source_keeps_its_order_and_none_waits_for_the_other() -> None:
    left, right = Source("a1", "a2", "a3"), Source()
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(merge(left.stream(), right.stream())) as merged:
        assert [await anext(merged) for _ in range(3)] == ["a1", "a2", "a3"]
        right.feed("b1")
        assert await anext(merged) == "b1"
        left.feed("a4")
        assert await anext(merged) == "a4"


async def test_a_busy_source_does_not_keep_another_from_being_heard() -> None:
    left, right = Source(*map(str, range(1000))), Source("b1")
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(merge(left.stream(), right.stream())) as merged:
        assert "b1" in [await anext(merged) for _ in range(4)]


async def test_sources_work_one_item_ahead_of_a_slow_reader_and_no_more() -> None:
    left, right = Source(*"abcdef"), Source(*"uvwxyz")
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(merge(left.stream(), right.stream())) as merged:
        taken = [await anext(merged) for _ in range(3)]
        for _ in range(50):
            await asyncio.sleep(0)
        assert left.given + right.given <= len(taken) + 2


@pytest.mark.parametrize("end", [None, ValueError("broken")])
async def test_it_ends_as_a_whole_when_one_source_ends_or_fails(end: Exception | None) -> None:
    left, right = Source("a1"), Source()
    quiet = len(asyncio.all_tasks())
    got: list[str] = []

    async def read() -> None:
        async for item in merge(left.stream(), right.stream()):
            got.append(item)
            right.feed(end)

    async with asyncio.timeout(PATIENCE_SECONDS):
        if end is None:
            await read()
        else:
            with pytest.raises(ValueError, match="broken"):
                await read()
    assert got == ["a1"]
    assert not left.open and not right.open
    assert len(asyncio.all_tasks()) == quiet


async def test_cancelled_and_closed_at_any_moment_it_leaves_no_task_and_no_open_source() -> None:
    quiet = len(asyncio.all_tasks())
    for steps in range(20):
        left, right = Source("a1", "a2"), Source("b1")

        async def read(merged: AsyncGenerator[str, None]) -> None:
            async with aclosing(merged):
                async for _ in merged:
                    await asyncio.sleep(0)

        reader = asyncio.create_task(read(merge(left.stream(), right.stream())))
        for _ in range(steps):
            await asyncio.sleep(0)
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        assert not left.open and not right.open
        assert len(asyncio.all_tasks()) == quiet


async def test_closed_before_it_was_read_it_never_begins() -> None:
    left = Source("a1")
    merged = merge(left.stream())
    await merged.aclose()
    assert left.given == 0 and not left.open
