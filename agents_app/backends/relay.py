"""Run an engine in a task of its own and hand its steps over one at a time.

Whoever reads a generator may read each step from another task and may close it from a third. Engines keep
cancel scopes and context variables that must be left in the task that entered them, so an engine never runs
inside the reader's frame.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from agents_app.backends.base import Step

Emit = Callable[[Step], Awaitable[None]]


async def relay(engine: Callable[[Emit], Awaitable[None]]) -> AsyncGenerator[Step, None]:
    """Yield what `engine` emits; its error becomes ours. Ending the reading in any way ends the engine first.

    Nothing is buffered: `emit` returns when the reader has asked for the step after.
    """
    handed_over: asyncio.Queue[Step | None] = asyncio.Queue()

    async def emit(step: Step) -> None:
        handed_over.put_nowait(step)
        await handed_over.join()

    async def run() -> None:
        await engine(emit)

    task = asyncio.create_task(run())
    task.add_done_callback(lambda _: handed_over.put_nowait(None))
    try:
        while (step := await handed_over.get()) is not None:
            yield step
            handed_over.task_done()
        await task
    finally:
        task.cancel()
        await asyncio.wait({task})
        # Looked at, so that an engine which fails while it is being stopped does not warn about it later.
        if not task.cancelled():
            task.exception()
