"""What the native stream says over HTTP."""

import asyncio

import pytest
from pytest_django.fixtures import Settings

from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Session
from sessions_app.services.tickets import issue_ticket
from sessions_app.streaming.hub import get_hub
from tests.sessions.asgi_client import get
from tests.sessions.makers import aannounce, arecord, atell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
PATH = "/sessions/talk/events"


async def test_it_is_an_event_stream_that_nobody_may_buffer(session: Session, key: str) -> None:
    async with get(PATH, key) as stream:
        assert stream.status == 200
        assert stream.answer["content-type"] == "text/event-stream"
        assert stream.answer["cache-control"] == "no-cache, no-transform"
        assert stream.answer["x-accel-buffering"] == "no"


async def test_it_says_how_to_reconnect_and_where_it_stands_before_anything_else(
    session: Session, key: str, settings: Settings
) -> None:
    settings.STREAM_RETRY_MILLISECONDS = 1234
    await atell(session, "one")
    async with get(PATH, key) as stream:
        await stream.until_seq(2)
        assert stream.source.retry == 1234
        first = stream.frames[0]
        assert (first["type"], first["seq"], first["session"]) == ("connected", None, "talk")
        assert first["data"] == {
            "status": "active",
            "last_seq": 2,
            "resumed_from": 0,
            "bus": "redis",
            "heartbeat_seconds": settings.STREAM_HEARTBEAT_SECONDS,
        }


async def test_only_durable_events_carry_an_id_and_it_is_their_seq(session: Session, key: str) -> None:
    async with get(PATH, key) as stream:
        await stream.until_seq(1)
        await aannounce(session, EventType.TYPING, {"who": "agent"})
        await atell(session, "one")
        await stream.until_seq(2)
        assert stream.types == ["connected", "session_started", "typing", "message_completed"]
        # EventSource repeats the last id it saw on events that carry none.
        assert [event.id for event in stream.events] == ["", "1", "1", "2"]


async def test_what_happens_arrives_while_the_stream_is_open(session: Session, key: str) -> None:
    async with get(PATH, key) as stream:
        await stream.until_seq(1)
        await atell(session, "line one\nline two\r\n", "Grüße 🦊")
        await stream.until_seq(3)
        assert [frame["data"]["text"] for frame in stream.frames[-2:]] == ["line one\nline two\r\n", "Grüße 🦊"]


async def test_a_ticket_reads_at_its_own_level_and_from_any_site(session: Session) -> None:
    token, _ = issue_ticket(session, level=Visibility.CUSTOMER, issuer_level=Visibility.SUPERVISOR, reader="carla")
    async with get(f"{PATH}?token={token}") as stream:
        await arecord(session, EventType.OPERATOR_NOTE, {"text": "secret"})
        await atell(session, "hello")
        await stream.until_seq(3)
        assert stream.seqs == [1, 3]
        assert b"secret" not in stream.body
        assert stream.answer["access-control-allow-origin"] == "*"


async def test_a_stream_opened_with_a_key_is_not_for_other_sites(session: Session, key: str) -> None:
    async with get(PATH, key) as stream:
        assert "access-control-allow-origin" not in stream.answer


@pytest.mark.usefixtures("quick_beat")
async def test_a_heartbeat_says_how_far_the_reader_has_come_and_carries_no_id(session: Session, key: str) -> None:
    async with get(PATH, key) as stream:
        await stream.until_type("heartbeat", 2)
        beat = stream.frames[-1]
        assert (beat["seq"], beat["session"], beat["data"]) == (None, "talk", {"cursors": {"talk": 1}, "bus": "redis"})
        assert stream.source.last_event_id == "1"


async def test_a_process_that_shuts_down_ends_the_stream_with_a_hint_to_reconnect(session: Session, key: str) -> None:
    async with get(PATH, key) as stream:
        await stream.until_seq(1)
        get_hub().drain()
        await stream.until(lambda: stream.ended)
        assert any("reconnect" in comment for comment in stream.source.comments)
        assert stream.source.retry is not None
        assert stream.source.last_event_id == "1"


@pytest.mark.usefixtures("quick_beat")
async def test_a_stream_ends_after_its_longest_life_so_that_leave_to_read_is_shown_anew(
    session: Session, key: str, settings: Settings
) -> None:
    settings.STREAM_MAX_SECONDS = 0.1
    async with get(PATH, key) as stream:
        await stream.until(lambda: stream.ended)
        assert stream.seqs == [1]


async def test_a_reader_who_leaves_leaves_nothing_behind(session: Session, key: str) -> None:
    for _ in range(20):
        async with get(PATH, key):
            await asyncio.sleep(0)
    hub = get_hub()
    assert not hub._inboxes
    assert not hub._topics
    assert hub.streams_of(session.pk) == 0
