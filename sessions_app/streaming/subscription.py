"""Follow sessions: first what the log holds after the reader's cursor, then what happens, without a gap between.

A reader whose cursor is n takes only n + 1 from the bus. Anything else sends it back to the log, so lost,
reordered and repeated publishes are one case.
"""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from sessions_app.events.channels import session_channel, text_key
from sessions_app.events.encoding import Grown
from sessions_app.events.replay import read_unsettled, replay
from sessions_app.events.types import Event, Visibility
from sessions_app.events.visibility import seen_by
from sessions_app.streaming.hub import Hub
from sessions_app.streaming.spoken import Gap, Spoken, is_chunk


@dataclass
class Reading:
    """One reader's place in one session's log."""

    session_id: UUID
    session: str
    level: Visibility
    # The seq the reader has reached, events it may not see included.
    cursor: int
    behind: bool = True
    spoken: Spoken = field(default_factory=Spoken)

    def take(self, arrival: Event | Grown) -> Event | None:
        """What the reader is to be given of something the bus brought. May find that the reader is behind."""
        if self.behind:
            return None  # the log will tell, and the text so far is fetched after it
        if isinstance(arrival, Grown):
            self.behind = arrival.last_seq > self.cursor
            return None
        if arrival.seq is None:
            return self._transient(arrival)
        if arrival.seq > self.cursor + 1:
            self.behind = True
            return None
        return self.advance(arrival) if arrival.seq == self.cursor + 1 else None

    def advance(self, event: Event) -> Event | None:
        """Move the cursor over a durable event and say what the reader sees of it."""
        self.cursor = event.seq or self.cursor
        self.spoken.note(event)
        return seen_by(event, self.level)

    def _transient(self, event: Event) -> Event | None:
        seen = seen_by(event, self.level)
        if seen is None or not is_chunk(seen):
            return seen
        try:
            return self.spoken.trim(seen)
        except Gap:
            self.behind = True
            return None


@dataclass(frozen=True, slots=True)
class Beat:
    """Nothing has happened for a while, and the connection is alive."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The process is shutting down, or the reader has too many streams: reconnect."""


async def follow(
    hub: Hub, readings: Iterable[Reading], reader: str = ""
) -> AsyncGenerator[tuple[Reading, Event] | Beat | Ended, None]:
    """Everything the reader may see of its sessions, in each session's order, for as long as it is asked for.

    Cancel it to end it. When the process shuts down, or `reader` has too many streams, the last item is `Ended`.
    """
    by_channel = {session_channel(reading.session_id): reading for reading in readings}
    topics = {name: reading.session_id for name, reading in by_channel.items()}
    async with hub.subscribe(topics, reader) as inbox:
        while True:
            for reading in by_channel.values():
                if reading.behind:
                    async for event in catch_up(hub, reading):
                        yield reading, event
            mail = await inbox.take()
            if mail.ended:
                yield Ended()
                return
            for name, arrival in mail.items:
                taken = by_channel[name].take(arrival)
                if taken is not None:
                    yield by_channel[name], taken
            if mail.lost:
                for reading in by_channel.values():
                    reading.behind = True
            if mail.beat:
                yield Beat()


async def catch_up(hub: Hub, reading: Reading) -> AsyncGenerator[Event, None]:
    """What the log holds after the reader's cursor, then the text so far of whatever is being spoken."""
    reading.behind = False
    # First what is being spoken, then the log: so no words are given before the start of their message.
    unsettled = await read_unsettled(reading.session_id)
    reading.spoken.forget_all_but(unsettled)
    async for event in replay(reading.session_id, reading.session, after=reading.cursor):
        seen = reading.advance(event)
        if seen is not None:
            yield seen
    texts = await hub.texts([text_key(item.message_id) for item in unsettled])
    for item, kept in zip(unsettled, texts, strict=True):
        chunk = Event(
            type=item.type,
            session=reading.session,
            timestamp=timezone.now(),
            data={},
            run=item.run,
            visibility=item.visibility,
        )
        if seen_by(chunk, reading.level) is None:
            continue
        # The checkpoint is the longer one when the text beside the bus was lost.
        spoken = reading.spoken.catch_up(item, max(kept, item.text, key=len), like=chunk)
        if spoken is not None:
            yield spoken
