"""Permission requests over REST."""

from typing import Any, Literal
from uuid import UUID

from ninja import Router

from agents_app.api.schemas import DecisionIn, GrantIn, PermissionRequestList, PermissionRequestOut
from agents_app.conditions import read_conditions
from agents_app.models import Grant, PermissionRequest
from agents_app.services.grants import GrantTerms
from agents_app.services.outcomes import decide_outcome
from agents_app.services.permissions import decide
from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.paging import page
from sessions_app.api.schemas import errors
from sessions_app.exceptions import NotFound, Unprocessable
from sessions_app.models import ApiKey

router = Router(tags=["permission requests"])


@router.get("/permission-requests", response={200: PermissionRequestList, **errors(404)})
def list_requests(
    request: AuthenticatedRequest,
    status: Literal["pending", "approved", "denied", "expired", "cancelled", "run_again", "done", "give_up"]
    | None = None,
    session: str = "",
    cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """What agents have asked, newest first."""
    request.auth.require(ApiKey.Scope.PERMISSIONS)
    rows = PermissionRequest.objects.filter(run__session__workspace=request.auth.workspace)
    rows = rows.select_related("run__session__workspace", "tool_call").prefetch_related("approvals")
    if status:
        rows = rows.filter(status=status)
    if session:
        rows = rows.filter(run__session=request.auth.session(session))
    return page(rows, cursor=cursor, limit=limit, by="requested_at")


@router.get("/permission-requests/{request_id}", response={200: PermissionRequestOut, **errors(404)})
def read_request(request: AuthenticatedRequest, request_id: UUID) -> PermissionRequest:
    """One permission request."""
    request.auth.require(ApiKey.Scope.PERMISSIONS)
    return _asked(request, request_id)


@router.post("/permission-requests/{request_id}/decision", response={200: PermissionRequestOut, **errors(404, 409)})
def decide_request(request: AuthenticatedRequest, request_id: UUID, payload: DecisionIn) -> PermissionRequest:
    """Approve or deny an agent's tool call, or say what became of one whose worker died.

    A request can be decided once: the first answer stands. One that needs several approvals stays pending until the
    last of them; one denial denies it. Once somebody has changed the arguments, an approval must name them: without,
    it gets 409 `arguments_changed`.
    """
    request.auth.require(ApiKey.Scope.PERMISSIONS)
    approve = payload.decision == "approve"
    if not approve and (payload.arguments is not None or payload.grant is not None):
        raise Unprocessable("Only an approval takes arguments or a grant.")
    if ("result" in payload.model_fields_set) is not (payload.decision == "done"):
        raise Unprocessable("`done` needs the result, and no other decision takes one.")
    asked, actor, reason = _asked(request, request_id), request.auth.actor, payload.reason
    if payload.decision not in ("approve", "deny"):
        outcome = PermissionRequest.Status(payload.decision)
        return decide_outcome(asked, outcome, actor=actor, reason=reason, result=payload.result)
    return decide(
        asked,
        approve=approve,
        actor=actor,
        reason=reason,
        arguments=payload.arguments,
        grant=_terms(payload.grant),
    )


def _terms(wanted: GrantIn | None) -> GrantTerms | None:
    if wanted is None:
        return None
    conditions = None
    if wanted.conditions is not None:
        try:
            conditions = read_conditions([one.dict() for one in wanted.conditions])
        except ValueError as error:
            raise Unprocessable(f"These conditions cannot be used: {error}") from None
    return GrantTerms(Grant.Scope(wanted.scope), wanted.expires_in_seconds, conditions)


def _asked(request: AuthenticatedRequest, request_id: UUID) -> PermissionRequest:
    rows = PermissionRequest.objects.filter(run__session__workspace=request.auth.workspace, pk=request_id)
    asked = rows.select_related("run__session__workspace", "run__agent", "tool_call").first()
    if asked is None:
        raise NotFound("There is no such permission request.")
    return asked
