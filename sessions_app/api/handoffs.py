"""Handoffs over REST: asking for a person, serving, and giving the session back."""

from typing import Any, Literal

from ninja import Router, Status

from sessions_app.api.auth import VISITORS_TOO, AuthenticatedRequest, Principal
from sessions_app.api.paging import page
from sessions_app.api.schemas import (
    HandoffIn,
    HandoffList,
    HandoffOut,
    ReturnIn,
    SessionOut,
    SummaryOut,
    TransferIn,
    errors,
)
from sessions_app.events.encoding import clean_text
from sessions_app.exceptions import Forbidden
from sessions_app.models import ApiKey, Handoff, Session
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.returning import return_session
from sessions_app.services.summaries import draft_summary
from sessions_app.services.transferring import transfer_session
from sessions_app.services.visitors import count_handoff

router = Router(tags=["handoffs"])
Scope = ApiKey.Scope


@router.post("/sessions/{session}/handoff", response={201: HandoffOut, **errors(404, 409, 429)}, auth=VISITORS_TOO)
def request(request: AuthenticatedRequest, session: str, payload: HandoffIn | None = None) -> Status[Handoff]:
    """Ask for a person; a key asks for the customer, and a visitor chooses no priority.

    409 `already_requested` when the session waits or is served.
    """
    request.auth.require(Scope.MESSAGES)
    wanted = payload or HandoffIn()
    if request.auth.customer and "priority" in wanted.model_fields_set:
        raise Forbidden("Visitors do not choose how urgent they are.")
    found = request.auth.session(session)
    if request.auth.customer:
        count_handoff(request.auth.actor)
    handoff = request_handoff(found, actor=request.auth.actor, **wanted.dict())
    return Status(201, handoff)


@router.get("/handoffs", response={200: HandoffList, **errors()})
def list_handoffs(
    request: AuthenticatedRequest,
    status: Literal["requested", "accepted", "returned", "closed"] | None = None,
    operator: str = "",
    session: str = "",
    cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """The workspace's handoffs, newest first. `operator` is who serves or served last, `me` for who asks."""
    request.auth.require(Scope.SESSIONS)
    request.auth.require_operator()
    if operator == "me":
        operator = request.auth.actor.name
    wanted = {"status": status, "operator__username": operator, "session__name": session}
    rows = Handoff.objects.filter(session__workspace=request.auth.workspace).select_related("session", "operator")
    rows = rows.filter(**{key: clean_text(value) for key, value in wanted.items() if value})
    return page(rows, cursor=cursor, limit=limit, by="requested_at")


@router.post("/sessions/{session}/accept", response={200: SessionOut, **errors(404, 409)})
def accept(request: AuthenticatedRequest, session: str) -> Session:
    """Serve a session that waits, or take it over from the agent. The first gets it: 409 `already_taken` names them."""
    return accept_session(_own(request.auth, session), actor=request.auth.actor)


@router.post("/sessions/{session}/transfer", response={200: SessionOut, **errors(404, 409)})
def transfer(request: AuthenticatedRequest, session: str, payload: TransferIn | None = None) -> Session:
    """Give a session to a colleague, or put it back into the queue. For whoever serves it, and for supervisors."""
    wanted = payload or TransferIn()
    return transfer_session(_own(request.auth, session), actor=request.auth.actor, **wanted.dict())


@router.post("/sessions/{session}/return", response={200: SessionOut, **errors(404, 409)})
def give_back(request: AuthenticatedRequest, session: str, payload: ReturnIn | None = None) -> Session:
    """Give a session back to its agent, which then knows what was said. For whoever serves it, and for supervisors."""
    wanted = payload or ReturnIn()
    return return_session(_own(request.auth, session), actor=request.auth.actor, **wanted.dict())


@router.get("/sessions/{session}/return-summary", response={200: SummaryOut, **errors(404)})
def return_summary(request: AuthenticatedRequest, session: str) -> dict[str, str]:
    """A draft of the summary for `return`, made from the log: to be edited by whoever gives the session back."""
    return {"summary": draft_summary(_own(request.auth, session))}


def _own(principal: Principal, session: str) -> Session:
    """A session of the workspace, for those who may see what operators see."""
    principal.require(Scope.SESSIONS)
    found = principal.session(session)
    principal.require_operator()
    return found
