"""`USE_REDIS_SSE=false`: one process, and no Redis anywhere."""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from pytest_django.fixtures import Settings

from sessions_app.events import bus
from sessions_app.events.memory_bus import MemoryBus
from sessions_app.models import Session
from sessions_app.streaming.hub import close_hub, get_hub
from tests.patience import PATIENCE_SECONDS
from tests.servers.valkey import TestValkey
from tests.sessions.makers import Speaker, atell, tell
from tests.sessions.watcher import Watcher, reading

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("memory_mode")]


async def test_readers_hear_what_this_process_says(session: Session, valkey: TestValkey) -> None:
    valkey.kill()
    async with Watcher(reading(session)) as watcher:
        await atell(session, "one", "two")
        await watcher.until_told("two")
        assert watcher.texts == ["one", "two"]
        assert (get_hub().mode, bus.get_bus().skipped) == ("memory", 0)


async def test_words_come_as_they_are_spoken(session: Session) -> None:
    speaker = Speaker(session)
    await sync_to_async(speaker.begin)()
    await sync_to_async(speaker.say)("Hello")
    async with Watcher(reading(session)) as watcher:
        await watcher.until(lambda: watcher.spoken == "Hello")
        await sync_to_async(speaker.say)(" world")
        await watcher.until(lambda: watcher.spoken == "Hello world")


async def test_an_event_of_another_process_is_found_in_the_log(session: Session) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bus, "get_bus", MemoryBus)
            await atell(session, "from elsewhere")
        await watcher.until_told("from elsewhere")


async def test_it_is_chosen_when_there_is_no_address_of_a_redis(settings: Settings) -> None:
    settings.USE_REDIS_SSE = True
    settings.REDIS_URL = ""
    bus.get_bus.cache_clear()
    assert get_hub().mode == "memory"


def test_hubs_of_two_threads_share_one_bus(session: Session) -> None:
    told: list[list[str]] = []
    began = threading.Barrier(3)

    async def watch() -> None:
        async with Watcher(reading(session)) as watcher:
            await watcher.until_seq(1)
            await asyncio.to_thread(began.wait, PATIENCE_SECONDS)
            await watcher.until_told("one", "two")
            told.append(watcher.texts)
        await close_hub()

    threads = [threading.Thread(target=lambda: asyncio.run(watch())) for _ in range(2)]
    for thread in threads:
        thread.start()
    began.wait(PATIENCE_SECONDS)
    tell(session, "one")
    tell(session, "two")
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert told == [["one", "two"], ["one", "two"]]


async def test_a_closed_hub_hears_nothing_more(session: Session) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        assert bus.memory_bus()._listeners
    await close_hub()
    assert not bus.memory_bus()._listeners
