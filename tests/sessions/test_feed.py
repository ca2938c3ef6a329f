"""The feed of a workspace, for queue pages."""

import pytest
from asgiref.sync import sync_to_async

from sessions_app.actors import SYSTEM
from sessions_app.models import Session, Workspace
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.sessions import close_session, open_session
from sessions_app.streaming import feed as feed_room
from tests.servers.valkey import TestValkey
from tests.sessions.asgi_client import Exchange, get
from tests.sessions.makers import atell

pytestmark = pytest.mark.django_db(transaction=True)


def newest(feed: Exchange, name: str) -> dict[str, object]:
    """The last that the feed said of a session."""
    told = [frame["data"] for frame in feed.frames if frame["type"] == "notice" and frame["session"] == name]
    return dict(told[-1]) if told else {}


async def test_it_begins_with_every_open_session_and_carries_no_ids(
    session: Session, key: str, valkey: TestValkey
) -> None:
    closed = await sync_to_async(open_session)(session.workspace, actor=SYSTEM, name="old")
    await sync_to_async(close_session)(closed, actor=SYSTEM)
    async with get("/feed", key) as feed:
        await feed.until(lambda: bool(newest(feed, "talk")))
        assert feed.frames[0]["type"] == "connected"
        assert feed.frames[0]["data"]["workspace"] == "shop"
        assert newest(feed, "talk")["code"] == "session_changed"
        assert not newest(feed, "old")
        assert {event.id for event in feed.events} == {""}


async def test_it_tells_of_each_session_that_changes_or_appears(session: Session, key: str, valkey: TestValkey) -> None:
    async with get("/feed", key) as feed:
        await feed.until(lambda: bool(newest(feed, "talk")))
        await atell(session, "hello")
        await feed.until(lambda: newest(feed, "talk")["last_seq"] == 2)
        await sync_to_async(open_session)(session.workspace, actor=SYSTEM, name="new")
        await feed.until(lambda: bool(newest(feed, "new")))
        await sync_to_async(close_session)(session, actor=SYSTEM)
        await feed.until(lambda: newest(feed, "talk")["status"] == "closed")


async def test_it_never_tells_of_another_workspace(
    session: Session, other_workspace: Workspace, key: str, valkey: TestValkey
) -> None:
    foreign = await Session.objects.acreate(workspace=other_workspace, name="foreign")
    async with get("/feed", key) as feed:
        await feed.until(lambda: bool(newest(feed, "talk")))
        await atell(foreign, "not for you")
        await atell(session, "for you")
        await feed.until(lambda: newest(feed, "talk")["last_seq"] == 2)
        assert b"foreign" not in feed.body


async def test_without_valkey_it_is_slower_and_complete(session: Session, key: str, valkey: TestValkey) -> None:
    valkey.kill()
    async with get("/feed", key) as feed:
        await feed.until(lambda: bool(newest(feed, "talk")))
        await atell(session, "hello")
        await feed.until(lambda: newest(feed, "talk")["last_seq"] == 2)


async def test_of_many_open_sessions_those_that_wait_are_never_left_out(
    session: Session, key: str, valkey: TestValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sync_to_async(request_handoff)(session, actor=SYSTEM)
    for name in ("later", "latest"):
        await sync_to_async(open_session)(session.workspace, actor=SYSTEM, name=name)
    monkeypatch.setattr(feed_room, "MAX_OPEN", 1)
    async with get("/feed", key) as feed:
        await feed.until(lambda: bool(newest(feed, "latest")))
        assert newest(feed, "talk")["status"] == "waiting"
        assert not newest(feed, "later")


async def test_a_feed_begins_with_so_many_who_wait_the_most_urgent_first(
    session: Session, key: str, valkey: TestValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    urgent = await sync_to_async(open_session)(session.workspace, actor=SYSTEM, name="urgent")
    await sync_to_async(request_handoff)(session, actor=SYSTEM)
    await sync_to_async(request_handoff)(urgent, actor=SYSTEM, priority="urgent")
    monkeypatch.setattr(feed_room, "MAX_OPEN", 1)
    async with get("/feed", key) as feed:
        await feed.until_type("presence")
        assert newest(feed, "urgent") and not newest(feed, "talk")
