"""A reader that follows sessions in a task of its own and keeps what it is given."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from types import TracebackType
from typing import Self

from sessions_app.events.types import CHUNKS, Event, EventType, Visibility
from sessions_app.models import Session
from sessions_app.streaming.hub import get_hub
from sessions_app.streaming.subscription import Beat, Ended, Reading, follow
from tests.patience import PATIENCE_SECONDS


def reading(session: Session, *, after: int = 0, level: Visibility = Visibility.SUPERVISOR) -> Reading:
    return Reading(session.pk, session.name, level, cursor=after)


class Watcher:
    """Used with `async with`; on entry the stream has begun and replayed whatever the log held."""

    def __init__(self, *readings: Reading) -> None:
        self.readings = readings
        self.events: list[Event] = []
        self.beats = 0
        self.ended = False
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    @property
    def seqs(self) -> list[int]:
        return [event.seq for event in self.events if event.seq is not None]

    @property
    def texts(self) -> list[str]:
        """Of whole messages."""
        return [event.data["text"] for event in self.events if event.type is EventType.MESSAGE_COMPLETED]

    @property
    def chunks(self) -> list[Event]:
        return [event for event in self.events if event.type in CHUNKS]

    @property
    def spoken(self) -> str:
        """The chunks put together; fails where one does not continue the last."""
        text = ""
        for chunk in self.chunks:
            assert chunk.data["offset"] == len(text)
            text += chunk.data["text"]
        return text

    async def until(self, reached: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        async with asyncio.timeout(seconds):
            while not reached():
                if self.task.done():
                    self.task.result()
                    raise AssertionError("The stream ended.")
                self._news.clear()
                await self._news.wait()

    async def until_told(self, *texts: str) -> None:
        """The last messages are these; that none is missing or doubled before them is for the test to say."""
        await self.until(lambda: self.texts[-len(texts) :] == list(texts))

    async def until_seq(self, seq: int) -> None:
        await self.until(lambda: bool(self.seqs) and self.seqs[-1] >= seq)

    async def _follow(self) -> None:
        try:
            async with aclosing(follow(get_hub(), self.readings)) as happenings:
                async for happening in happenings:
                    if isinstance(happening, Beat):
                        self.beats += 1
                    elif isinstance(happening, Ended):
                        self.ended = True
                    else:
                        self.events.append(happening[1])
                    self._news.set()
        finally:
            self._news.set()
