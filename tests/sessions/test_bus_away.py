"""While Valkey is away streams are slower, never wrong.

It is started again from the main thread: it ends with the thread that started it.
"""

import asyncio

import pytest
import redis.asyncio
from asgiref.sync import sync_to_async
from pytest_django.fixtures import Settings

from sessions_app.models import Session
from sessions_app.streaming import hub as hub_module
from sessions_app.streaming.hub import Hub, get_hub
from tests.clock import put_forward
from tests.patience import PATIENCE_SECONDS
from tests.servers.chaos_proxy import ChaosProxy, Mode
from tests.servers.valkey import TestValkey
from tests.sessions.makers import atell
from tests.sessions.watcher import Watcher, reading

pytestmark = pytest.mark.django_db(transaction=True)


async def until_mode(hub: Hub, mode: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while hub.mode != mode:
            await asyncio.sleep(0.02)


async def test_valkey_killed_for_good_loses_nothing(session: Session, valkey: TestValkey) -> None:
    async with Watcher(reading(session)) as watcher:
        await atell(session, "before")
        await watcher.until_told("before")
        valkey.kill()
        await atell(session, "during", "and after")
        await watcher.until_told("and after")
        await until_mode(get_hub(), "log")
        await atell(session, "long after")
        await watcher.until_told("long after")
        assert watcher.texts == ["before", "during", "and after", "long after"]


async def test_a_stream_begun_while_valkey_is_away_follows_the_log_and_then_the_bus(
    session: Session, valkey: TestValkey
) -> None:
    valkey.kill()
    async with Watcher(reading(session)) as watcher:
        await atell(session, "away")
        await watcher.until_told("away")
        await sync_to_async(valkey.start)()
        await until_mode(get_hub(), "redis")
        await atell(session, "back")
        await watcher.until_told("back")
        assert watcher.texts == ["away", "back"]


async def test_without_the_bus_an_event_is_late_by_no_more_than_the_time_between_two_looks_into_the_log(
    session: Session, valkey: TestValkey, settings: Settings
) -> None:
    assert settings.STREAM_FALLBACK_POLL_SECONDS <= 0.5
    settings.STREAM_FALLBACK_POLL_SECONDS = 1000
    valkey.kill()
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        await atell(session, "late")
        put_forward(1000)
        await watcher.until_told("late")


async def test_what_is_said_while_a_late_confirmation_is_on_its_way_is_not_missed(
    session: Session, valkey: TestValkey, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "CONFIRM_SECONDS", 0.1)
    # The hub must find it by the confirmation alone, not by looking into the log.
    settings.STREAM_FALLBACK_POLL_SECONDS = 3600
    valkey.kill()
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        await atell(session, "past the bus")
        await sync_to_async(valkey.start)()
        await watcher.until_told("past the bus")


async def test_a_frozen_valkey_is_found_by_its_silence_and_used_again_when_it_wakes(
    session: Session, valkey: TestValkey
) -> None:
    async with Watcher(reading(session)) as watcher:
        await atell(session, "before")
        await watcher.until_told("before")
        valkey.freeze()
        await atell(session, "during")
        await watcher.until_told("during")
        valkey.thaw()
        await until_mode(get_hub(), "redis")
        await atell(session, "after")
        await watcher.until_told("after")
        assert watcher.texts == ["before", "during", "after"]


async def test_a_killed_subscription_is_renewed_and_its_gap_filled(session: Session, valkey: TestValkey) -> None:
    async with Watcher(reading(session)) as watcher:
        for number in range(5):
            await atell(session, f"{number}a")
            await watcher.until_told(f"{number}a")
            async with redis.asyncio.Redis.from_url(valkey.url) as client:
                await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]
            await atell(session, f"{number}b")
            await watcher.until_told(f"{number}b")
        assert watcher.seqs == list(range(1, 12))
        assert int(get_hub().status()["reconnects"]) >= 1


async def test_a_network_that_hangs_refuses_and_recovers_loses_nothing(
    session: Session, valkey: TestValkey, settings: Settings
) -> None:
    with ChaosProxy("127.0.0.1", valkey.port) as proxy:
        settings.REDIS_URL = valkey.url.replace(str(valkey.port), str(proxy.port))
        async with Watcher(reading(session)) as watcher:
            for mode in (Mode.RESET, Mode.REFUSE, Mode.HANG, Mode.PASS):
                await asyncio.to_thread(proxy.set_mode, mode)
                await atell(session, mode.value)
                await watcher.until_told(mode.value)
            await until_mode(get_hub(), "redis")
            await atell(session, "end")
            await watcher.until_told("end")
            assert watcher.texts == ["reset", "refuse", "hang", "pass", "end"]


async def test_the_status_says_which_way_events_come(session: Session, valkey: TestValkey) -> None:
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        await until_mode(get_hub(), "redis")
        valkey.kill()
        await until_mode(get_hub(), "log")
        assert not await get_hub().reachable()
        await sync_to_async(valkey.start)()
        await until_mode(get_hub(), "redis")
        assert await get_hub().reachable()
