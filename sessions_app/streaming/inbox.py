"""One reader's bounded queue between the hub and its stream."""

import asyncio
from dataclasses import dataclass

from sessions_app.events.encoding import Grown
from sessions_app.events.types import Event

# A channel's name and what came over it.
Item = tuple[str, Event | Grown]


@dataclass(frozen=True, slots=True)
class Mail:
    """What an inbox held. `lost`: more came than fitted, or the bus had a gap, so only the log tells all."""

    items: list[Item]
    lost: bool
    beat: bool
    ended: bool


class Inbox:
    """Filled by the hub, emptied by one stream, both on the same event loop; so nothing here needs a lock."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: list[Item] = []
        self._lost = False
        self._beat = False
        self._ended = False
        self._filled = asyncio.Event()

    def put(self, item: Item) -> None:
        if len(self._items) >= self._size:
            # Full: a slow reader must not slow the others or grow. What it missed is in the log.
            self.lose()
            return
        self._items.append(item)
        self._filled.set()

    def lose(self) -> None:
        """Drop everything and send the reader back to the log."""
        self._items.clear()
        self._lost = True
        self._filled.set()

    def beat(self) -> None:
        """Ask for a heartbeat. Several unanswered beats are one."""
        self._beat = True
        self._filled.set()

    def end(self) -> None:
        """Ask the stream to finish: the process is shutting down."""
        self._ended = True
        self._filled.set()

    async def take(self) -> Mail:
        """Wait until there is anything, then take all of it."""
        await self._filled.wait()
        self._filled.clear()
        mail = Mail(self._items, self._lost, self._beat, self._ended)
        self._items, self._lost, self._beat = [], False, False
        return mail
