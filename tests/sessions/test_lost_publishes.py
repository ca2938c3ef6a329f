"""The log is the truth and the bus a hint."""

import asyncio
import json

import pytest
import redis.asyncio
from asgiref.sync import sync_to_async
from pytest_django.fixtures import Settings

from sessions_app.events import bus
from sessions_app.events.channels import session_channel
from sessions_app.events.encoding import grown_to_wire, to_wire
from sessions_app.events.memory_bus import MemoryBus
from sessions_app.events.types import Event, EventType
from sessions_app.models import Session
from tests.servers.valkey import TestValkey
from tests.sessions.makers import AT, atell, event, message, tell
from tests.sessions.watcher import Watcher, reading

pytestmark = pytest.mark.django_db(transaction=True)


async def whisper(session: Session, text: str) -> Event:
    """Into the log, and past the bus."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bus, "get_bus", MemoryBus)
        return await sync_to_async(tell)(session, text)


async def publish(valkey: TestValkey, session: Session, *payloads: bytes) -> None:
    async with redis.asyncio.Redis.from_url(valkey.url) as client:
        for payload in payloads:
            assert await client.publish(session_channel(session.pk), payload) == 1


async def test_the_next_event_brings_the_one_the_bus_lost(session: Session, valkey: TestValkey) -> None:
    async with Watcher(reading(session)) as watcher:
        await atell(session, "one")
        await watcher.until_told("one")
        await whisper(session, "lost")
        await atell(session, "three")
        await watcher.until_told("three")
        assert watcher.texts == ["one", "lost", "three"]


@pytest.mark.usefixtures("quick_beat", "valkey")
async def test_a_heartbeat_finds_what_the_bus_lost_when_nothing_follows(session: Session) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until(lambda: watcher.beats > 0)
        await whisper(session, "lost")
        await watcher.until_told("lost")
        assert watcher.seqs == [1, 2]


async def test_an_event_that_comes_twice_is_given_once(session: Session, valkey: TestValkey) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        said = await whisper(session, "one")
        await publish(valkey, session, to_wire(said), to_wire(said))
        await atell(session, "two")
        await publish(valkey, session, to_wire(said))
        await atell(session, "three")
        await watcher.until_told("three")
        assert watcher.texts == ["one", "two", "three"]


async def test_events_that_come_in_the_wrong_order_are_given_in_the_right_one(
    session: Session, valkey: TestValkey
) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        said = [await whisper(session, text) for text in ("one", "two", "three", "four")]
        await publish(valkey, session, *(to_wire(said[place]) for place in (3, 1, 0, 2)))
        await watcher.until_told("four")
        assert watcher.texts == ["one", "two", "three", "four"]


GARBAGE = [
    b"",
    b"nonsense",
    b"\xff\xfe\x00",
    b"5",
    b"null",
    b"[1,2]",
    b"{}",
    b'{"last_seq":"many"}',
    b"[" * 50_000,
    to_wire(event(EventType.MESSAGE_CHUNK)),
    to_wire(event(EventType.MESSAGE_CHUNK, {"message_id": "unknown", "offset": 9, "text": "x"})),
    grown_to_wire(10**9),
    json.dumps({"type": "notice", "session": 1, "seq": "x"}).encode(),
]


async def test_garbage_on_the_bus_harms_nobody(session: Session, valkey: TestValkey) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        await publish(valkey, session, *GARBAGE)
        await atell(session, "one", "two")
        await watcher.until_told("two")
        assert watcher.texts == ["one", "two"]
        assert not watcher.chunks


@pytest.mark.usefixtures("quick_beat")
async def test_a_forged_seq_hides_nothing_of_what_the_log_holds(session: Session, valkey: TestValkey) -> None:
    forged = Event(type=EventType.NOTICE, session="talk", timestamp=AT, data={}, seq=10**9)
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        await publish(valkey, session, to_wire(forged))
        await watcher.until(lambda: watcher.beats > 0)
        await whisper(session, "lost")
        await watcher.until_told("lost")
        assert watcher.seqs == [1, 2]


async def test_a_reader_slower_than_its_inbox_loses_nothing(
    session: Session, valkey: TestValkey, settings: Settings
) -> None:
    settings.STREAM_QUEUE_SIZE = 3
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        said = [await whisper(session, str(number)) for number in range(60)]
        # All in one piece, so that the reader cannot keep up with it.
        async with redis.asyncio.Redis.from_url(valkey.url) as client:
            pipeline = client.pipeline(transaction=False)
            for one in said:
                pipeline.publish(session_channel(session.pk), to_wire(one))
            await pipeline.execute()
        await watcher.until_told("59")
        assert watcher.texts == [str(number) for number in range(60)]


async def test_each_reader_keeps_its_own_pace(session: Session, valkey: TestValkey, settings: Settings) -> None:
    settings.STREAM_QUEUE_SIZE = 2
    async with Watcher(reading(session)) as quick, Watcher(reading(session)) as slow:
        await asyncio.gather(quick.until_seq(1), slow.until_seq(1))
        await atell(session, *(str(number) for number in range(30)))
        await asyncio.gather(quick.until_told("29"), slow.until_told("29"))
        assert quick.seqs == slow.seqs == list(range(1, 32))


def test_a_whole_message_is_what_these_tests_say() -> None:
    assert message("x")["text"] == "x"
