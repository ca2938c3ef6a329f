"""Several streams over one connection."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import TypeVar, cast

T = TypeVar("T")
END = object()


async def merge(*sources: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """What the sources yield, each in its own order, until one of them ends or fails; then all are closed.

    Each source works at most one item ahead of its reader. Cancelling or closing this generator closes the sources,
    and no task of theirs outlives it.
    """
    ahead: dict[AsyncGenerator[T, None], asyncio.Task[T | object]] = {}
    async with AsyncExitStack() as open_sources:
        for source in sources:
            await open_sources.enter_async_context(aclosing(source))
        try:
            for source in sources:
                ahead[source] = asyncio.create_task(_next(source))
            while True:
                await asyncio.wait(ahead.values(), return_when=asyncio.FIRST_COMPLETED)
                for source in [source for source, task in ahead.items() if task.done()]:
                    item = ahead[source].result()
                    if item is END:
                        return
                    yield cast(T, item)
                    ahead[source] = asyncio.create_task(_next(source))
        finally:
            # A generator can be closed only when nobody is inside it.
            for task in ahead.values():
                task.cancel()
            await asyncio.gather(*ahead.values(), return_exceptions=True)


async def _next(source: AsyncGenerator[T, None]) -> T | object:
    return await anext(source, END)
