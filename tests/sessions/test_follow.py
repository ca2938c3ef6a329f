"""Replay, then live, with nothing between."""

import asyncio

import pytest

from sessions_app.models import Session
from sessions_app.streaming.hub import get_hub
from tests.sessions.makers import atell
from tests.sessions.watcher import Watcher, reading

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


async def test_a_reader_gets_what_was_said_and_then_what_is_said(session: Session) -> None:
    await atell(session, "one", "two")
    async with Watcher(reading(session)) as watcher:
        await watcher.until_told("one", "two")
        await atell(session, "three")
        await watcher.until_told("three")
        assert watcher.texts == ["one", "two", "three"]
        assert watcher.seqs == [1, 2, 3, 4]


async def test_a_reader_that_was_away_gets_exactly_what_it_missed(session: Session) -> None:
    await atell(session, "one", "two", "three")
    async with Watcher(reading(session, after=2)) as watcher:
        await watcher.until_told("two", "three")
        assert watcher.seqs == [3, 4]


async def test_nothing_is_missed_or_doubled_while_others_write_during_the_replay(session: Session) -> None:
    await atell(session, *(str(number) for number in range(120)))
    writing = asyncio.create_task(atell(session, *(str(number) for number in range(120, 200))))
    watchers = [Watcher(reading(session)) for _ in range(5)]
    for watcher in watchers:
        await watcher.__aenter__()
    await writing
    for watcher in watchers:
        await watcher.until_told("199")
        assert watcher.texts == [str(number) for number in range(200)]
        await watcher.__aexit__(None, None, None)


async def test_twenty_first_readers_of_twenty_sessions_all_hear_the_next_event(sessions: list[Session]) -> None:
    watchers = [Watcher(reading(session)) for session in sessions]
    for watcher in watchers:
        await watcher.__aenter__()
    for session in sessions:
        await atell(session, f"to {session.name}")
    for watcher, session in zip(watchers, sessions, strict=True):
        await watcher.until_told(f"to {session.name}")
        assert watcher.seqs == [1, 2]
        await watcher.__aexit__(None, None, None)


async def test_twenty_first_readers_of_one_session_all_hear_the_next_event_once(session: Session) -> None:
    watchers = [Watcher(reading(session)) for _ in range(20)]
    for watcher in watchers:
        await watcher.__aenter__()
    await atell(session, "to all")
    for watcher in watchers:
        await watcher.until_told("to all")
        assert watcher.seqs == [1, 2]
    assert get_hub().status()["subscriptions"] == 1
    for watcher in watchers:
        await watcher.__aexit__(None, None, None)


async def test_one_stream_carries_several_sessions_each_in_its_own_order(sessions: list[Session]) -> None:
    readings = [reading(session) for session in sessions[:5]]
    async with Watcher(*readings) as watcher:
        for number in range(10):
            for session in sessions[:5]:
                await atell(session, f"{session.name}.{number}")
        await watcher.until(lambda: all(reading.cursor == 11 for reading in readings))
        for session in sessions[:5]:
            own = [event.seq for event in watcher.events if event.session == session.name]
            assert own == list(range(1, 12))


async def test_a_readers_session_is_the_only_one_it_hears_of(sessions: list[Session]) -> None:
    async with Watcher(reading(sessions[0])) as watcher, Watcher(reading(sessions[1])) as other:
        await atell(sessions[1], "not for you")
        await other.until_told("not for you")
        await atell(sessions[0], "for you")
        await watcher.until_told("for you")
        assert watcher.texts == ["for you"]
