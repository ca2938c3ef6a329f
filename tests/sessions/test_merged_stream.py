"""Sessions and their workspace's feed over one connection."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from pytest_django.fixtures import Settings

from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.types import Visibility
from sessions_app.models import Session, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.tickets import issue_ticket
from sessions_app.streaming.hub import get_hub
from tests.servers.valkey import TestValkey
from tests.sessions.asgi_client import Exchange, get
from tests.sessions.makers import atell
from tests.sessions.test_hub_cleanliness import nothing_left

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
BOTH = "/events?feed=true&session=talk-0&session=talk-1"


def summaries(stream: Exchange, name: str) -> list[dict[str, Any]]:
    frames = [frame for frame in stream.frames if frame["type"] == "notice" and frame["session"] == name]
    return [frame["data"] for frame in frames if frame["data"]["code"] == "session_changed"]


def seqs(stream: Exchange, name: str) -> list[int]:
    return [frame["seq"] for frame in stream.frames if frame["session"] == name and frame["seq"] is not None]


async def test_it_carries_the_sessions_with_ids_and_the_feed_without(sessions: list[Session], key: str) -> None:
    async with get(BOTH, key) as stream:
        await stream.until(lambda: seqs(stream, "talk-1") == [1] and bool(summaries(stream, "talk-19")))
        await atell(sessions[0], "hello")
        await atell(sessions[7], "not followed here")
        await stream.until(lambda: seqs(stream, "talk-0") == [1, 2])
        await stream.until(lambda: summaries(stream, "talk-7")[-1]["last_seq"] == 2)
        assert seqs(stream, "talk-7") == []
        sent = {block for block in stream.body.decode().split("\n\n") if '"session_changed"' in block}
        assert sent and all(block.startswith("data:") for block in sent)
        assert stream.source.last_event_id == "talk-0=2,talk-1=1"


async def test_there_is_one_connected_per_session_and_one_of_the_feed(sessions: list[Session], key: str) -> None:
    async with get(BOTH, key) as stream:
        await stream.until_type("connected", 3)
        await stream.until(lambda: bool(summaries(stream, "talk-0")))
        named = sorted(frame["session"] for frame in stream.frames if frame["type"] == "connected")
        assert named == ["", "talk-0", "talk-1"]


@pytest.mark.usefixtures("quick_beat")
async def test_one_heartbeat_serves_both(sessions: list[Session], key: str) -> None:
    async with get(BOTH, key) as stream:
        await stream.until_type("heartbeat", 4)
        beats = [frame["data"] for frame in stream.frames if frame["type"] == "heartbeat"]
        assert beats[-1] == {"cursors": {"talk-0": 1, "talk-1": 1}, "bus": "redis"}
        assert all("cursors" in beat for beat in beats)


@pytest.mark.usefixtures("quick_beat")
async def test_a_feed_alone_beats_by_itself(session: Session, key: str) -> None:
    async with get("/events?feed=true", key) as stream:
        await stream.until(lambda: bool(summaries(stream, "talk")))
        await stream.until_type("heartbeat", 2)
        assert stream.types[0] == "connected" and stream.frames[0]["data"]["workspace"] == "shop"


async def test_it_resumes_each_session_from_its_own_cursor(sessions: list[Session], key: str) -> None:
    for text in "abc":
        await atell(sessions[0], text)
    async with get(f"{BOTH}&after=talk-0=3,talk-1=1", key) as stream:
        await stream.until(lambda: seqs(stream, "talk-0") == [4])
        assert seqs(stream, "talk-1") == []


async def test_a_summary_says_what_a_queue_needs(session: Session, operator_actor: Actor, key: str) -> None:
    await atell(session, "Where is my lamp?")
    async with get("/events?feed=true", key) as stream:
        await stream.until(lambda: bool(summaries(stream, "talk")))
        told = summaries(stream, "talk")[-1]
        assert (told["customer"], told["language"], told["last_message"]) == ("carla", "", "Where is my lamp?")
        assert (told["operator"], told["waiting_since"], told["priority"]) == ("", None, "normal")
        await sync_to_async(request_handoff)(session, actor=SYSTEM, priority="urgent")
        await stream.until(lambda: summaries(stream, "talk")[-1]["priority"] == "urgent")
        told = summaries(stream, "talk")[-1]
        assert told["status"] == "waiting" and told["waiting_since"] == told["status_changed_at"]
        await sync_to_async(accept_session)(session, actor=operator_actor)
        await stream.until(lambda: summaries(stream, "talk")[-1]["operator"] == "operator")
        assert summaries(stream, "talk")[-1]["waiting_since"] is None


async def test_it_ends_as_a_whole_when_the_process_stops(sessions: list[Session], key: str) -> None:
    async with get(BOTH, key) as stream:
        await stream.until(lambda: bool(summaries(stream, "talk-0")))
        get_hub().drain()
        await stream.until(lambda: stream.ended)
        assert any("reconnect" in comment for comment in stream.source.comments)


async def test_readers_who_leave_at_any_moment_leave_nothing_behind(sessions: list[Session], key: str) -> None:
    async with get(BOTH, key) as stream:
        await stream.until_type("connected", 3)
    quiet = len(asyncio.all_tasks())
    for steps in range(15):
        async with get(BOTH, key):
            for _ in range(steps):
                await asyncio.sleep(0.002)
    assert nothing_left(get_hub())
    assert len(asyncio.all_tasks()) <= quiet


async def test_without_valkey_it_is_slower_and_complete(
    sessions: list[Session], key: str, valkey: TestValkey, settings: Settings
) -> None:
    async with get(BOTH, key) as stream:
        await stream.until(lambda: bool(summaries(stream, "talk-0")))
        valkey.kill()
        await atell(sessions[0], "hello")
        await stream.until(lambda: seqs(stream, "talk-0") == [1, 2])
        await stream.until(lambda: summaries(stream, "talk-0")[-1]["last_seq"] == 2)


async def refusal(path: str, key: str = "") -> tuple[int, str]:
    async with get(path, key) as stream:
        return stream.status, stream.json["code"]


async def test_the_feed_is_for_operators_of_the_workspace(session: Session, other_workspace: Workspace) -> None:
    issue = sync_to_async(issue_ticket)
    token, _ = await issue(session, level=Visibility.OPERATOR, issuer_level=Visibility.OPERATOR, reader="x")
    assert await refusal(f"/events?feed=true&session=talk&token={token}") == (403, "forbidden")
    assert await refusal(f"/events?feed=true&token={token}") == (403, "forbidden")
    customers = await sync_to_async(lambda: create_api_key(session.workspace, ["sessions"], actor=SYSTEM)[1])()
    assert await refusal("/events?feed=true&session=talk", customers) == (403, "forbidden")
    foreign = await sync_to_async(lambda: create_api_key(other_workspace, ["all"], actor=SYSTEM)[1])()
    assert await refusal("/events?feed=true&session=talk", foreign) == (404, "not_found")
    assert await refusal("/events?feed=true&session=talk") == (401, "unauthenticated")


async def test_a_stream_of_nothing_is_refused(key: str) -> None:
    assert await refusal("/events", key) == (422, "unprocessable")
    assert await refusal("/events?feed=false", key) == (422, "unprocessable")
