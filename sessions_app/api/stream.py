"""The native stream over HTTP. Everything that can go wrong is answered before the first byte of the stream."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from ninja import Query, Router

from sessions_app.api.auth import Reader, StreamAuth, StreamRequest
from sessions_app.api.schemas import errors
from sessions_app.events.encoding import clean_text
from sessions_app.events.replay import read
from sessions_app.events.types import RANK, Event, EventType, Visibility
from sessions_app.exceptions import Forbidden, NotFound, Unprocessable
from sessions_app.models import Session, Workspace
from sessions_app.streaming.cursors import Resume, parse_cursor, parse_cursors, settle, write_cursors
from sessions_app.streaming.feed import feed_frames
from sessions_app.streaming.hub import Hub, get_hub
from sessions_app.streaming.merging import merge
from sessions_app.streaming.native import frames, terms
from sessions_app.streaming.response import EventStreamResponse
from sessions_app.streaming.subscription import Reading

Frames = Callable[[], AsyncGenerator[bytes, None]]

router = Router(tags=["streams"], auth=StreamAuth())
STREAM_DOCS: dict[str, Any] = {
    "responses": {
        200: {"description": "An endless stream of events.", "content": {"text/event-stream": {}}},
    }
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a stream must know of a session before it begins."""

    id: UUID
    name: str
    status: str
    last_seq: int
    pruned_seq: int


@router.get("/sessions/{session}/events", response=errors(404, 429), openapi_extra=STREAM_DOCS)
async def stream_session(
    request: StreamRequest,
    session: str,
    after: str | None = None,
    token: str = "",
) -> EventStreamResponse:
    """One session, live and resumable: `Last-Event-ID` or `?after=` says which seq was seen last.

    A browser that cannot send a header puts a stream ticket into `?token=`.
    """
    hub = get_hub()
    await hub.admit(request.auth.counted)
    (place,) = await read(lambda: _places(request.auth, [session]))
    # EventSource sends Last-Event-ID when it reconnects to the same address: it is newer than `after`.
    resume = parse_cursor(request.headers.get("Last-Event-ID") or after)
    return _respond(request.auth, _following(hub, request.auth, [(place, resume)], id_of=lambda cursors: None))


@router.get("/events", response=errors(404, 429), openapi_extra=STREAM_DOCS)
async def stream_sessions(
    request: StreamRequest,
    session: Annotated[list[str], Query(default_factory=list)],
    feed: bool = False,
    after: str | None = None,
) -> EventStreamResponse:
    """Several sessions over one connection; a browser allows six connections in all.

    The id of each event is every session's cursor, `name=seq,name=seq`: give it back as `Last-Event-ID` or `?after=`.
    With `feed=true` the stream also carries the workspace's feed, whose frames have no id; then no session is needed.
    """
    hub = get_hub()
    await hub.admit(request.auth.counted)
    names = list(dict.fromkeys(session))
    if not names and not feed:
        raise Unprocessable("Name a session with ?session=, or ask for the workspace's with ?feed=true.")
    if len(names) > settings.STREAM_MAX_SESSIONS:
        raise Unprocessable(f"One stream carries at most {settings.STREAM_MAX_SESSIONS} sessions.")
    parts: list[Frames] = []
    if feed:
        # One heartbeat for both: that of the sessions says more. They are one stream of their reader's, too.
        parts.append(await _feeding(hub, request.auth, alone=not names))
    if names:
        places = await read(lambda: _places(request.auth, names))
        resumes = parse_cursors(request.headers.get("Last-Event-ID") or after)
        wanted = [(place, resumes[place.name]) for place in places]
        parts.insert(0, _following(hub, request.auth, wanted, id_of=write_cursors))
    return _respond(request.auth, parts[0] if len(parts) == 1 else lambda: merge(*(part() for part in parts)))


@router.get("/feed", response=errors(429), openapi_extra=STREAM_DOCS)
async def stream_workspace(request: StreamRequest) -> EventStreamResponse:
    """For queue pages: a summary of each session of the workspace, now and whenever one changes. For operators."""
    hub = get_hub()
    await hub.admit(request.auth.counted)
    return EventStreamResponse(await _feeding(hub, request.auth, alone=True))


async def _feeding(hub: Hub, reader: Reader, *, alone: bool) -> Frames:
    """The feed of the reader's workspace. Raises Forbidden: it is for operators, and a ticket is for one session."""
    if reader.session_id is not None or RANK[reader.level] < RANK[Visibility.OPERATOR]:
        raise Forbidden("The feed is for operators.")
    name = await read(lambda: Workspace.objects.values_list("name", flat=True).get(pk=reader.workspace_id))
    counted = reader.counted if alone else ""
    return lambda: feed_frames(hub, reader.workspace_id, name, heartbeats=alone, reader=counted)


def _places(reader: Reader, names: list[str]) -> list[Place]:
    """The sessions, in the order asked for. One that is unknown, foreign or not the ticket's own: NotFound."""
    rows = Session.objects.filter(workspace_id=reader.workspace_id, name__in=[clean_text(name) for name in names])
    if reader.session_id is not None:
        rows = rows.filter(pk=reader.session_id)
    found = {row[1]: Place(*row) for row in rows.values_list("id", "name", "status", "last_seq", "pruned_seq")}
    if len(found) < len(names):
        raise NotFound("There is no such session.")
    return [found[name] for name in names]


def _following(
    hub: Hub,
    reader: Reader,
    wanted: list[tuple[Place, Resume]],
    *,
    id_of: Callable[[dict[str, int]], str | None],
) -> Frames:
    readings: list[Reading] = []
    opening: list[Event] = []
    for place, asked in wanted:
        resume = settle(asked, last_seq=place.last_seq, pruned_seq=place.pruned_seq)
        readings.append(Reading(place.id, place.name, reader.level, cursor=resume.after))
        opening.extend(_opening(hub, place, resume))
    return lambda: frames(
        hub,
        readings,
        opening=opening,
        id_of=lambda event: id_of({r.session: r.cursor for r in readings}),
        reader=reader.counted,
    )


def _respond(reader: Reader, body: Frames) -> EventStreamResponse:
    # A chatbot's page is on its own site, and a ticket in the address is no cookie.
    return EventStreamResponse(body, any_origin=reader.session_id is not None)


PROBLEMS = {
    "cursor_unreadable": "The cursor is not a number; everything is replayed.",
    "cursor_ahead": "The cursor is ahead of the log; everything is replayed.",
    "log_pruned": "Events after the cursor are no longer kept; the log begins later.",
}


def _opening(hub: Hub, place: Place, resume: Resume) -> list[Event]:
    """`connected`, and a `notice` when the reader's cursor could not be used as it was."""
    now = timezone.now()
    data = {
        "status": place.status,
        "last_seq": place.last_seq,
        "resumed_from": resume.after,
        **terms(hub),
    }
    events = [Event(type=EventType.CONNECTED, session=place.name, timestamp=now, data=data)]
    if resume.problem:
        notice = {"code": resume.problem, "detail": PROBLEMS[resume.problem], "pruned_seq": place.pruned_seq}
        events.append(Event(type=EventType.NOTICE, session=place.name, timestamp=now, data=notice))
    return events
