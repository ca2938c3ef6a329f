"""Listens to a stream: shows what comes, keeps it, and never waits for ever."""

import asyncio
from collections.abc import Callable

import httpx2

from config.demo.heard import Heard, Missed
from config.demo.product import WAIT_SECONDS
from sessions_app.events.types import RUN_ENDS


class Ear:
    """Everything heard so far on one stream, in order."""

    def __init__(self, source: httpx2.EventSource, show: Callable[[Heard], None]) -> None:
        self.heard: list[Heard] = []
        self._events = aiter(source)
        self._show = show

    async def until(self, reached: Callable[[Heard], bool], what: str, *, run: str | None = None) -> Heard:
        """Listen up to this event. Raises Missed when time or the stream is over, or `run` ends before it."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while (event := await self._next()) is not None:
                    if reached(event):
                        return event
                    if run is not None and event.run == run and event.type in RUN_ENDS:
                        raise Missed(f"No {what}: the run ended with {event.type} {dict(event.data)}.")
        except TimeoutError:
            raise Missed(f"No {what} within {WAIT_SECONDS:.0f} s.") from None
        except httpx2.TransportError as error:
            raise Missed(f"No {what}: the stream broke ({type(error).__name__} {error}).") from error
        raise Missed(f"No {what}: the stream ended.")

    async def until_end(self, run: str) -> None:
        """Listen to the end of a run, whichever it is."""
        await self.until(lambda event: event.run == run and event.type in RUN_ENDS, "end of the run")

    async def _next(self) -> Heard | None:
        """The next event, shown and kept; None when the stream has ended."""
        async for frame in self._events:
            if frame.data:  # a frame may also only say how long to wait before reconnecting
                event = Heard.from_json(frame.data)
                self.heard.append(event)
                self._show(event)
                return event
        return None
