"""The one Redis connection over which a process hears the bus.

Every break is made visible: the connection is closed, everything is subscribed anew, and each confirmation tells
the hub that the channel may have missed something. A server that hangs without closing is found by its silence.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import cast

import redis.asyncio as redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0
PING_SECONDS = 1.0
# Longer without a word than this, pings included, and the server counts as hung.
SILENCE_SECONDS = 3.0
MAX_BACKOFF_SECONDS = 2.0
# Always subscribed, never published to: its confirmation says that the server is there, and a connection that is
# in subscriber mode answers every PING alike.
OWN_CHANNEL = "sse:hub"


class RedisListener:
    """Hears channels and calls back on the event loop: `deliver` for a message, `confirmed` for a subscription."""

    mode = "redis"

    def __init__(self, url: str, *, deliver: Callable[[str, bytes], None], confirmed: Callable[[str], None]) -> None:
        # No retries: a retried read would hide a reconnect, and with it the messages missed meanwhile.
        self._client = redis.Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )
        self._deliver = deliver
        self._confirmed = confirmed
        self._wanted: set[str] = set()
        self._changed = asyncio.Event()
        # Subscriptions of this connection that were sent but not yet confirmed, and those that were.
        self._sent: Counter[str] = Counter()
        self._heard: set[str] = set()
        self._asked: set[str] = set()
        self._last_word = 0.0
        self._settled = asyncio.Event()
        self.up = False
        self.reconnects = 0

    def want(self, channel: str) -> bool:
        """Begin to hear a channel. True when it is heard already, so that no confirmation will follow."""
        self._wanted.add(channel)
        if channel in self._heard and not self._sent[channel]:
            return True
        self._changed.set()
        return False

    def unwant(self, channel: str) -> None:
        self._wanted.discard(channel)
        self._changed.set()

    async def texts(self, keys: Sequence[str]) -> list[bytes | None]:
        """The kept text under each key; all None while Redis is away."""
        if not self.up or not keys:
            return [None] * len(keys)
        try:
            texts = cast(list[bytes | None], await self._client.mget(keys))
        except (RedisError, OSError) as error:
            logger.warning("The texts kept beside the bus cannot be read (%s).", type(error).__name__)
            return [None] * len(keys)
        return texts

    async def settled(self, seconds: float) -> None:
        """Return when the first attempt to connect has succeeded or failed, at most so many seconds later."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._settled.wait()

    async def reachable(self) -> bool:
        """Whether the server answers a PING right now."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return bool(await self._client.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def run(self) -> None:
        """Stay connected until cancelled."""
        failures = 0
        try:
            while True:
                began = time.monotonic()
                try:
                    # In a task of its own: a TaskGroup that fails leaves its parent marked as cancelled.
                    await asyncio.create_task(self._connection())
                except* (RedisError, OSError, TimeoutError) as group:
                    reason = type(group.exceptions[0]).__name__
                failures = 0 if self.up and time.monotonic() - began > SILENCE_SECONDS else failures + 1
                self._fell_silent(reason)
                _heed_cancellation()
                await asyncio.sleep(min(MAX_BACKOFF_SECONDS, 0.05 * 2**failures) * random.uniform(0.5, 1))  # noqa: S311
        finally:
            self.up = False
            await self._client.aclose()

    def _fell_silent(self, reason: str) -> None:
        if self.up:
            logger.warning("The bus is silent (%s); following the log until it is back.", reason)
        self.up = False
        self._settled.set()
        self.reconnects += 1
        self._sent.clear()
        self._heard.clear()

    async def _connection(self) -> None:
        """One connection's life. Ends only by an exception."""
        pubsub = self._client.pubsub()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._last_word = time.monotonic()
                await _promptly(pubsub.connect())  # type: ignore[no-untyped-call]
                tasks.create_task(self._ask(pubsub))
                tasks.create_task(self._hear(pubsub))
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]

    async def _ask(self, pubsub: PubSub) -> None:
        """Keep the server's subscriptions equal to what is wanted, and make it speak at least once a second."""
        self._asked = set()
        next_ping = 0.0
        while True:
            self._changed.clear()
            wanted = {OWN_CHANNEL, *self._wanted}
            gone, new = self._asked - wanted, wanted - self._asked
            self._asked = wanted
            if gone:
                self._heard -= gone
                await _promptly(pubsub.unsubscribe(*gone))
            if new:
                self._sent.update(new - {OWN_CHANNEL})
                await _promptly(pubsub.subscribe(*new))
            now = time.monotonic()
            if now - self._last_word > SILENCE_SECONDS:
                raise TimeoutError("The bus server does not answer.")
            if now >= next_ping:
                await _promptly(pubsub.ping())
                next_ping = now + PING_SECONDS
            try:
                async with asyncio.timeout(PING_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _hear(self, pubsub: PubSub) -> None:
        while True:
            message = await pubsub.get_message(timeout=None)
            if message is None:
                continue
            self._last_word = time.monotonic()
            if message["type"] == "message":
                self._deliver(message["channel"].decode(), message["data"])
            elif message["type"] == "subscribe":
                self._confirm(message["channel"].decode())

    def _confirm(self, channel: str) -> None:
        if channel == OWN_CHANNEL:
            self.up = True
            self._settled.set()
            logger.info("The bus is live.")
            return
        # A channel left and joined again has two confirmations on the way; only the last one counts.
        self._sent[channel] -= 1
        if self._sent[channel] > 0:
            return
        del self._sent[channel]
        if channel not in self._asked:
            return  # left again before it was confirmed
        self._heard.add(channel)
        self._confirmed(channel)


async def _promptly(work: Awaitable[object]) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await work
    _heed_cancellation()


def _heed_cancellation() -> None:
    """Raise a cancellation that was swallowed: by an error that came with it, or, before Python 3.12, by the
    `wait_for` inside redis-py when the work was done in the same moment."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
