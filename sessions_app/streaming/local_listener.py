"""Hearing the bus of a single process."""

import asyncio
from collections.abc import Callable, Sequence

from sessions_app.events.memory_bus import MemoryBus


class LocalListener:
    """Hands messages from publishers' threads to the event loop.

    `up` is False for good: another process may record events that never pass this bus, so the hub keeps following
    the log as well.
    """

    mode = "memory"
    up = False
    reconnects = 0

    def __init__(
        self, bus: MemoryBus, *, deliver: Callable[[str, bytes], None], confirmed: Callable[[str], None]
    ) -> None:
        self._bus = bus
        self._deliver = deliver
        self._wanted: set[str] = set()
        self._loop = asyncio.get_running_loop()
        bus.listen(self._hear)

    def want(self, channel: str) -> bool:
        self._wanted.add(channel)
        return True

    def unwant(self, channel: str) -> None:
        self._wanted.discard(channel)

    async def texts(self, keys: Sequence[str]) -> list[bytes | None]:
        return self._bus.texts(keys)

    async def settled(self, seconds: float) -> None:
        """Nothing to wait for."""

    async def reachable(self) -> bool:
        return True

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self._bus.unlisten(self._hear)

    def _hear(self, channel: str, payload: bytes) -> None:
        # Called in the publisher's thread. A set lookup is atomic, so the loop is woken only for what it wants.
        if channel in self._wanted and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._deliver, channel, payload)
