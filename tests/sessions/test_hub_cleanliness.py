"""However readers come and go, the hub keeps nothing of those who left."""

import asyncio
import random

import pytest
import redis.asyncio
from pytest_django.fixtures import Settings

from sessions_app.models import Session
from sessions_app.streaming import listener
from sessions_app.streaming.hub import Hub, close_hub, get_hub
from tests.patience import PATIENCE_SECONDS
from tests.servers.valkey import TestValkey
from tests.sessions.makers import atell
from tests.sessions.watcher import Watcher, reading

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


def nothing_left(hub: Hub) -> bool:
    return not hub._topics and not hub._inboxes and not hub._listener._wanted


async def test_a_channel_joined_and_left_two_hundred_times_still_delivers(session: Session) -> None:
    for _ in range(200):
        async with Watcher(reading(session)):
            await asyncio.sleep(0)
    assert nothing_left(get_hub())
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        await atell(session, "still here")
        await watcher.until_told("still here")
    assert nothing_left(get_hub())


async def test_a_channel_that_somebody_keeps_still_delivers_while_others_come_and_go(sessions: list[Session]) -> None:
    async with Watcher(reading(sessions[0])) as watcher:
        for number in range(50):
            async with Watcher(reading(sessions[0])), Watcher(reading(sessions[1])):
                await asyncio.sleep(0)
            await atell(sessions[0], str(number))
        await watcher.until_told("49")
        assert watcher.texts == [str(number) for number in range(50)]


async def test_a_reader_cancelled_at_any_moment_leaves_nothing_behind(session: Session) -> None:
    async with Watcher(reading(session)) as first:
        await first.until_seq(1)
    quiet = len(asyncio.all_tasks())
    for _ in range(60):
        watcher = Watcher(reading(session))
        await watcher.__aenter__()
        for _ in range(random.randint(0, 12)):
            await asyncio.sleep(random.choice([0, 0.001]))
        await watcher.__aexit__(None, None, None)
    assert nothing_left(get_hub())
    assert len(asyncio.all_tasks()) <= quiet


async def test_the_server_is_asked_for_exactly_what_readers_want(sessions: list[Session], valkey: TestValkey) -> None:
    async with redis.asyncio.Redis.from_url(valkey.url) as client:

        async def until_channels(count: int) -> None:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(await client.pubsub_channels("sse:session:*")) != count:
                    await asyncio.sleep(0.02)

        async with Watcher(*(reading(session) for session in sessions[:3])):
            await until_channels(3)
            async with Watcher(reading(sessions[5]), reading(sessions[0])):
                await until_channels(4)
            await until_channels(3)
        await until_channels(0)


async def test_a_hub_that_is_closed_while_its_last_reader_leaves_ends_at_once(
    sessions: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nor by any time-out, which would come too late for this test.
    for name in ("TIMEOUT_SECONDS", "PING_SECONDS", "SILENCE_SECONDS"):
        monkeypatch.setattr(listener, name, 2 * PATIENCE_SECONDS)
    for _ in range(20):
        async with Watcher(reading(sessions[0])) as watcher, Watcher(reading(sessions[1])):
            await watcher.until_seq(1)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await close_hub()


async def test_draining_ends_every_stream_and_every_stream_begun_afterwards(session: Session) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        get_hub().drain()
        await watcher.until(lambda: watcher.ended)
        async with Watcher(reading(session)) as late:
            await late.until(lambda: late.ended)
            assert late.seqs == [1]


@pytest.mark.usefixtures("quick_beat")
async def test_a_beat_tells_a_quiet_reader_that_the_connection_lives(session: Session, settings: Settings) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until(lambda: watcher.beats >= 3)
        assert watcher.seqs == [1]
