"""Sessions over REST."""

from typing import Annotated, Any, Literal

from ninja import Query, Router, Status

from sessions_app.addresses import address_of
from sessions_app.api.auth import VISITORS_TOO, AuthenticatedRequest, Principal
from sessions_app.api.paging import page
from sessions_app.api.schemas import (
    CloseIn,
    EventList,
    SessionIn,
    SessionList,
    SessionOut,
    TicketIn,
    TicketOut,
    TranscriptOut,
    errors,
)
from sessions_app.events.encoding import clean_text
from sessions_app.events.reading import read_seen
from sessions_app.events.types import Visibility
from sessions_app.models import ApiKey, Session
from sessions_app.services.disclosures import note_reading
from sessions_app.services.sessions import close_session, open_session
from sessions_app.services.tickets import issue_ticket
from sessions_app.services.visitors import check_choices, open_visitors_session
from sessions_app.streaming.encoder import body
from sessions_app.transcript import fold

router = Router(tags=["sessions"])
Scope = ApiKey.Scope
MAX_TRANSCRIPT_EVENTS = 5_000


@router.post("/sessions", response={201: SessionOut, **errors(409, 429)}, auth=VISITORS_TOO)
def create_session(request: AuthenticatedRequest, payload: SessionIn | None = None) -> Status[Session]:
    """Open a session with a customer. Everything in the body is optional; a visitor chooses the language alone."""
    request.auth.require(Scope.SESSIONS)
    wanted = payload or SessionIn()
    if request.auth.customer:
        check_choices(wanted.model_fields_set)
        return Status(
            201,
            open_visitors_session(
                request.auth.workspace,
                actor=request.auth.actor,
                language=wanted.language,
                address=address_of(request),
            ),
        )
    return Status(201, open_session(request.auth.workspace, actor=request.auth.actor, **wanted.dict()))


@router.get("/sessions", response={200: SessionList, **errors()}, auth=VISITORS_TOO)
def list_sessions(
    request: AuthenticatedRequest,
    status: Literal["active", "waiting", "staffed", "closed"] | None = None,
    agent: str = "",
    customer: str = "",
    operator: str = "",
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """The workspace's sessions, newest first; for a visitor, their own.

    `operator` is who serves, `me` for the member who asks; `q` is looked for in names, customers and last messages.
    """
    request.auth.require(Scope.SESSIONS)
    if operator == "me":
        operator = request.auth.actor.name
    wanted = {"status": status, "agent": agent, "customer": customer, "operator__username": operator}
    rows = (
        request.auth.sessions()
        .select_related("operator")
        .filter(**{key: clean_text(value) for key, value in wanted.items() if value})
    )
    return page(rows.mentioning(clean_text(q)) if q else rows, cursor=cursor, limit=limit)


@router.get("/sessions/{session}", response={200: SessionOut, **errors(404)}, auth=VISITORS_TOO)
def read_session(request: AuthenticatedRequest, session: str) -> Session:
    """One session."""
    request.auth.require(Scope.SESSIONS)
    return request.auth.session(session)


@router.post("/sessions/{session}/close", response={200: SessionOut, **errors(404, 409)}, auth=VISITORS_TOO)
def close(request: AuthenticatedRequest, session: str, payload: CloseIn | None = None) -> Session:
    """Close a session; its runs are cancelled. One that a person serves: by them, a supervisor, a key, the customer."""
    request.auth.require(Scope.SESSIONS)
    reason = (payload or CloseIn()).reason
    return close_session(request.auth.session(session), actor=request.auth.actor, reason=reason)


@router.get("/sessions/{session}/transcript", response={200: TranscriptOut, **errors(404)}, auth=VISITORS_TOO)
def transcript(request: AuthenticatedRequest, session: str) -> dict[str, Any]:
    """The session as a reader sees it. Start a stream at `last_seq` to go on from here without a gap."""
    request.auth.require(Scope.SESSIONS)
    found = _read_by(request.auth, session)
    # The newest events are the ones a page shows; a longer story is in the log.
    after = max(found.pruned_seq, found.last_seq - MAX_TRANSCRIPT_EVENTS)
    seen, last_seq = read_seen(found, request.auth.level, after=after, limit=MAX_TRANSCRIPT_EVENTS)
    return {
        "session": found.name,
        "status": found.status,
        "first_seq": after + 1,
        "last_seq": last_seq,
        "entries": fold(seen),
    }


@router.get("/sessions/{session}/log", response={200: EventList, **errors(404)}, auth=VISITORS_TOO)
def log(
    request: AuthenticatedRequest,
    session: str,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> dict[str, Any]:
    """The stored events after a seq, as a list instead of a stream. `next` is the `after` of the next page."""
    request.auth.require(Scope.SESSIONS)
    found = _read_by(request.auth, session)
    seen, last_seq = read_seen(found, request.auth.level, after=after, limit=limit)
    # Nothing seen and nothing stored are two things: events a reader may not see still move it on.
    more = after < last_seq < found.last_seq
    return {"items": [body(event) for event in seen], "next": last_seq if more else None}


@router.post("/sessions/{session}/stream-ticket", response={200: TicketOut, **errors(404)}, auth=VISITORS_TOO)
def stream_ticket(request: AuthenticatedRequest, session: str, payload: TicketIn | None = None) -> dict[str, Any]:
    """A short-lived token with which a browser may read this one session's stream."""
    request.auth.require(Scope.TICKETS)
    wanted = payload or TicketIn()
    token, expires_at = issue_ticket(
        request.auth.session(session),
        level=Visibility(wanted.level),
        issuer_level=request.auth.level,
        # Others may read for somebody; a visitor reads for themselves.
        reader=(not request.auth.customer and wanted.reader) or str(request.auth.actor),
    )
    return {"token": token, "expires_at": expires_at}


def _read_by(principal: Principal, name: str) -> Session:
    """A session that this reader is about to read. Of a supervisor that is written down."""
    session = principal.session(name)
    if principal.level is Visibility.SUPERVISOR:
        note_reading(session, actor=principal.actor)
    return session
