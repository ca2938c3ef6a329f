"""The publishing side of the bus: Redis pub/sub, or this process alone.

The log is the truth and the bus a hint. Nothing here raises when the bus is away: a publish is skipped and
counted, and readers find what they missed in the log. The listening side is `streaming.hub`.
"""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from django.conf import settings

from sessions_app.events.channels import Piece
from sessions_app.events.memory_bus import MemoryBus
from sessions_app.events.redis_bus import RedisBus


class Bus(Protocol):
    """What `record` and `announce` need of a bus. Safe to use from any thread."""

    mode: str
    # Publishes that were not sent because the bus was away.
    skipped: int

    def publish(self, messages: Sequence[tuple[str, bytes]], piece: Piece | None = None) -> None:
        """Send each message to its channel, and keep a piece of text, in one round trip."""

    def forget(self, key: str) -> None:
        """Drop a kept text."""


@cache
def get_bus() -> Bus:
    """This process's bus, chosen once by the settings."""
    if settings.USE_REDIS_SSE and settings.REDIS_URL:
        return RedisBus(settings.REDIS_URL)
    return memory_bus()


@cache
def memory_bus() -> MemoryBus:
    """The bus inside this process: every publisher and every hub of the process share it."""
    return MemoryBus()
