"""A reader that comes back goes on exactly where it was."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from sessions_app.models import Session, StoredEvent
from sessions_app.services.retention import prune_session
from tests.sessions.asgi_client import get
from tests.sessions.makers import atell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
PATH = "/sessions/talk/events"


async def test_the_header_says_where_to_go_on(session: Session, key: str) -> None:
    await atell(session, "one", "two", "three")
    async with get(PATH, key, last_event_id="2") as stream:
        await stream.until_seq(4)
        assert stream.seqs == [3, 4]
        assert stream.frames[0]["data"]["resumed_from"] == 2


async def test_so_does_the_address_and_the_header_is_newer_than_it(session: Session, key: str) -> None:
    await atell(session, "one", "two", "three")
    async with get(f"{PATH}?after=1", key) as stream:
        await stream.until_seq(4)
        assert stream.seqs == [2, 3, 4]
    async with get(f"{PATH}?after=1", key, last_event_id="3") as stream:
        await stream.until_seq(4)
        assert stream.seqs == [4]


async def test_a_reader_that_has_everything_gets_only_what_is_new(session: Session, key: str) -> None:
    async with get(PATH, key, last_event_id="1") as stream:
        await atell(session, "new")
        await stream.until_seq(2)
        assert stream.types == ["connected", "message_completed"]


@pytest.mark.parametrize(
    ("cursor", "code"),
    [
        ("nonsense", "cursor_unreadable"),
        ("-1", "cursor_unreadable"),
        ("1.5", "cursor_unreadable"),
        ("9" * 30, "cursor_unreadable"),
        ("2", "cursor_ahead"),
        ("9" * 18, "cursor_ahead"),
    ],
)
async def test_a_cursor_that_cannot_be_is_told_and_everything_replayed(
    session: Session, key: str, cursor: str, code: str
) -> None:
    async with get(PATH, key, last_event_id=cursor) as stream:
        await stream.until_seq(1)
        assert stream.types == ["connected", "notice", "session_started"]
        assert stream.frames[1]["data"]["code"] == code
        assert stream.frames[0]["data"]["resumed_from"] == 0


async def test_a_reader_from_before_the_kept_log_is_told_and_goes_on(session: Session, key: str) -> None:
    await atell(session, "old", "old too")
    await StoredEvent.objects.aupdate(timestamp=timezone.now() - timedelta(days=9))
    await sync_to_async(prune_session)(session, before=timezone.now() - timedelta(days=1))
    await atell(session, "kept")
    async with get(PATH, key, last_event_id="1") as stream:
        await stream.until_seq(4)
        assert stream.seqs == [4]
        notice = stream.frames[1]["data"]
        assert (notice["code"], notice["pruned_seq"]) == ("log_pruned", 3)


async def test_several_sessions_resume_by_one_id(sessions: list[Session], key: str) -> None:
    path = "/events?session=talk-0&session=talk-1&session=talk-0"
    async with get(path, key) as stream:
        await stream.until(lambda: len(stream.seqs) == 2)
        await atell(sessions[0], "a", "b")
        await atell(sessions[1], "c")
        await stream.until(lambda: len(stream.seqs) == 5)
        seen = stream.source.last_event_id
    assert seen == "talk-0=3,talk-1=2"
    await atell(sessions[1], "d")
    async with get(path, key, last_event_id=seen) as stream:
        await stream.until(lambda: len(stream.seqs) == 1)
        assert stream.types == ["connected", "connected", "message_completed"]
        assert stream.frames[-1]["data"]["text"] == "d"
        assert stream.source.last_event_id == "talk-0=3,talk-1=3"


async def test_a_session_the_cursor_does_not_name_is_replayed(sessions: list[Session], key: str) -> None:
    async with get("/events?session=talk-0&session=talk-1&after=talk-0%3D1,stranger%3D7", key) as stream:
        await stream.until(lambda: len(stream.seqs) == 1)
        assert stream.frames[-1]["session"] == "talk-1"


async def test_each_id_on_a_stream_of_several_is_a_place_to_resume_from(sessions: list[Session], key: str) -> None:
    for session in sessions[:3]:
        await atell(session, "x", "y")
    path = "/events?session=talk-0&session=talk-1&session=talk-2"
    async with get(path, key) as stream:
        await stream.until(lambda: len(stream.seqs) == 9)
        events = [(event.id, frame) for event, frame in zip(stream.events, stream.frames, strict=True)]
    durable = [(id, frame) for id, frame in events if frame["seq"] is not None]
    for place, (id, _) in enumerate(durable):
        rest = [(frame["session"], frame["seq"]) for _, frame in durable[place + 1 :]]
        async with get(path, key, last_event_id=id) as resumed:
            await resumed.until(lambda: len(resumed.seqs) == len(rest))  # noqa: B023
            got = [(frame["session"], frame["seq"]) for frame in resumed.frames if frame["seq"] is not None]
            assert got == rest
