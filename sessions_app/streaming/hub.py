"""Per-process fan-out: what comes over the bus once is put into the inbox of every reader it is for.

The hub also keeps the promise that a lost publish makes a stream slower, never wrong: at every heartbeat, and every
half second while the bus is away, it asks the log in one query how far each session has come.
"""

import asyncio
import contextvars
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from sessions_app.events import bus
from sessions_app.events.channels import session_channel
from sessions_app.events.encoding import Grown, from_wire
from sessions_app.events.replay import read_tips
from sessions_app.events.types import Event
from sessions_app.exceptions import TooMany
from sessions_app.streaming.inbox import Inbox
from sessions_app.streaming.listener import RedisListener
from sessions_app.streaming.local_listener import LocalListener

logger = logging.getLogger(__name__)

# A reader does not wait longer than this for the bus to confirm a subscription: the log is followed meanwhile.
CONFIRM_SECONDS = 2.0
TIPS_PER_QUERY = 500


@dataclass
class Topic:
    """One channel somebody here listens to. `session_id` is None for a workspace's feed."""

    session_id: UUID | None
    inboxes: set[Inbox] = field(default_factory=set)
    confirmed: asyncio.Event = field(default_factory=asyncio.Event)
    # The newest seq that came over the bus or was found in the log.
    top: int = 0


class Hub:
    """One per event loop. Its topics change only between awaits, on that loop."""

    def __init__(self) -> None:
        self._topics: dict[str, Topic] = {}
        self._inboxes: set[Inbox] = set()
        self._readers: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self._draining = False
        self._next_beat = time.monotonic() + settings.STREAM_HEARTBEAT_SECONDS
        self.lag_seconds = 0.0
        publisher = bus.get_bus()
        self._listener = (
            RedisListener(settings.REDIS_URL, deliver=self._deliver, confirmed=self._confirmed)
            if publisher.mode == "redis"
            else LocalListener(bus.memory_bus(), deliver=self._deliver, confirmed=self._confirmed)
        )

    @property
    def mode(self) -> str:
        """`redis`, `memory`, or `log` while Redis is away."""
        return self._listener.mode if self._listener.up or self._listener.mode == "memory" else "log"

    async def reachable(self) -> bool:
        """Whether the bus answers right now."""
        return await self._listener.reachable()

    def streams_of(self, session_id: UUID) -> int:
        """How many streams of this process carry a session."""
        topic = self._topics.get(session_channel(session_id))
        return len(topic.inboxes) if topic else 0

    def status(self) -> dict[str, int | float | str]:
        return {
            "bus": self.mode,
            "streams": len(self._inboxes),
            "subscriptions": len(self._topics),
            "reconnects": self._listener.reconnects,
            "lag_seconds": round(self.lag_seconds, 4),
            "skipped_publishes": bus.get_bus().skipped,
        }

    def start(self) -> None:
        """Begin to hear the bus. Called by the first reader; does nothing afterwards."""
        if self._tasks:
            return
        # A context of their own: these tasks outlive the request that happened to start them.
        for work in (self._listener.run(), self._watch()):
            task = asyncio.get_running_loop().create_task(work, context=contextvars.Context())
            task.add_done_callback(_report)
            self._tasks.append(task)

    async def close(self) -> None:
        """End every stream and stop hearing."""
        self.drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def drain(self) -> None:
        """End every stream, and every stream begun from now on, with a hint to reconnect."""
        self._draining = True
        for inbox in self._inboxes:
            inbox.end()

    async def admit(self, reader: str = "") -> None:
        """Raise TooMany when this process carries as many streams as it may, of all readers or of this one.

        The first stream of a process waits a moment for the bus, so that it can be told the truth about it.
        """
        if len(self._inboxes) >= settings.STREAM_MAX_OPEN or self._readers[reader] >= settings.STREAM_MAX_PER_READER:
            raise TooMany
        if not self._tasks:
            self.start()
            await self._listener.settled(CONFIRM_SECONDS)

    @asynccontextmanager
    async def subscribe(self, channels: Mapping[str, UUID | None], reader: str = "") -> AsyncIterator[Inbox]:
        """An inbox that is being filled: on entry the bus has confirmed each channel, so the log may be read now.

        `channels` maps a channel's name to its session, or to None for a workspace's feed. `reader` is whose stream
        it counts as; "" counts as nobody's.
        """
        self.start()
        inbox = Inbox(settings.STREAM_QUEUE_SIZE)
        self._inboxes.add(inbox)
        if reader:
            self._readers[reader] += 1
            # Several were admitted at the same moment: this one is over, and is refused when it comes back.
            if self._readers[reader] > settings.STREAM_MAX_PER_READER:
                inbox.end()
        for name, session_id in channels.items():
            self._join(name, session_id, inbox)
        try:
            await self._all_confirmed(list(channels))
            if self._draining:
                inbox.end()
            yield inbox
        finally:
            self._inboxes.discard(inbox)
            if reader:
                self._readers[reader] -= 1
                # Readers come and go for as long as the process lives.
                if not self._readers[reader]:
                    del self._readers[reader]
            for name in channels:
                self._leave(name, inbox)

    async def texts(self, keys: Sequence[str]) -> list[str]:
        """The text kept beside the bus under each key, "" where there is none."""
        # A kept text holds no NUL: where there is one, pieces were lost, and what stands before it is the whole truth.
        texts = await self._listener.texts(keys)
        return [(text or b"").partition(b"\x00")[0].decode(errors="replace") for text in texts]

    def _join(self, name: str, session_id: UUID | None, inbox: Inbox) -> None:
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = Topic(session_id)
            if self._listener.want(name):
                topic.confirmed.set()
        topic.inboxes.add(inbox)

    def _leave(self, name: str, inbox: Inbox) -> None:
        topic = self._topics[name]
        topic.inboxes.discard(inbox)
        if not topic.inboxes:
            del self._topics[name]
            self._listener.unwant(name)

    async def _all_confirmed(self, names: list[str]) -> None:
        await self._listener.settled(CONFIRM_SECONDS)
        # Without the bus nothing would be confirmed, and the log is followed already.
        if self._listener.up:
            try:
                async with asyncio.timeout(CONFIRM_SECONDS):
                    for name in names:
                        await self._topics[name].confirmed.wait()
            except TimeoutError:
                logger.warning("The bus did not confirm a subscription; the stream follows the log.")
        # Nobody waits any more: a confirmation that comes after all ends a gap, like one after a break.
        for name in names:
            self._topics[name].confirmed.set()

    def _confirmed(self, name: str) -> None:
        topic = self._topics.get(name)
        if topic is None:
            return
        if topic.confirmed.is_set():
            # Subscribed anew after a break: nobody knows what was missed.
            for inbox in topic.inboxes:
                inbox.lose()
        topic.confirmed.set()

    def _deliver(self, name: str, payload: bytes) -> None:
        topic = self._topics.get(name)
        if topic is None:
            return
        if topic.session_id is None:
            arrival: Event | Grown = Grown(0)
        else:
            try:
                arrival = from_wire(payload)
            except ValueError:
                logger.warning("Something that is not an event was published on %s.", name)
                return
            if isinstance(arrival, Event) and arrival.seq is not None:
                topic.top = max(topic.top, arrival.seq)
                self.lag_seconds = (timezone.now() - arrival.timestamp).total_seconds()
        for inbox in topic.inboxes:
            inbox.put((name, arrival))

    async def _watch(self) -> None:
        """The one timer: heartbeats, and looking into the log for what the bus did not bring."""
        while True:
            await asyncio.sleep(min(settings.STREAM_FALLBACK_POLL_SECONDS, settings.STREAM_HEARTBEAT_SECONDS))
            due = time.monotonic() >= self._next_beat
            if due or not self._listener.up:
                await self._look_into_the_log()
            if due:
                self._next_beat = time.monotonic() + settings.STREAM_HEARTBEAT_SECONDS
                for inbox in self._inboxes:
                    inbox.beat()

    async def _look_into_the_log(self) -> None:
        ids = [topic.session_id for topic in self._topics.values() if topic.session_id is not None]
        for start in range(0, len(ids), TIPS_PER_QUERY):
            try:
                tips = await read_tips(ids[start : start + TIPS_PER_QUERY])
            except (DatabaseError, InterfaceError):
                logger.exception("The log cannot be read; trying again.")
                return
            for session_id, last_seq in tips.items():
                self._found(session_channel(session_id), last_seq)
        for name, topic in self._topics.items():
            if topic.session_id is None:
                for inbox in topic.inboxes:
                    inbox.put((name, Grown(0)))

    def _found(self, name: str, last_seq: int) -> None:
        topic = self._topics.get(name)
        # Unequal, not above: a forged seq on the bus must not hide for ever what the log holds.
        if topic is not None and last_seq != topic.top:
            topic.top = last_seq
            for inbox in topic.inboxes:
                inbox.put((name, Grown(last_seq)))


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("A task of the hub ended; streams of this process are no longer live.", exc_info=error)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def get_hub() -> Hub:
    """The running event loop's hub."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub


async def close_hub() -> None:
    """End the running event loop's hub, if it has one. The next reader gets a new one."""
    hub = _hubs.pop(asyncio.get_running_loop(), None)
    if hub is not None:
        await hub.close()


def begin_drain() -> None:
    """End every open stream of this event loop with a hint to reconnect."""
    get_hub().drain()
