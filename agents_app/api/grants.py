"""Standing permissions and the policy behind them, over REST."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Router

from agents_app.api.schemas import GrantList, GrantOut, PolicyRuleList
from agents_app.models import Grant, PolicyRule
from agents_app.services.grants import revoke_grant
from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.paging import page
from sessions_app.api.schemas import errors
from sessions_app.exceptions import NotFound
from sessions_app.models import ApiKey

router = Router(tags=["policy"])


@router.get("/grants", response={200: GrantList, **errors(404)})
def list_grants(
    request: AuthenticatedRequest, live: bool = False, session: str = "", cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """What needs no asking, newest first; with `live` only what has not ended, with `session` only what reaches it."""
    request.auth.require(ApiKey.Scope.PERMISSIONS)
    rows = Grant.objects.filter(workspace=request.auth.workspace).select_related("workspace", "session")
    if live:
        rows = rows.live(timezone.now())
    if session:
        rows = rows.for_session(request.auth.session(session))
    return page(rows, cursor=cursor, limit=limit)


@router.post("/grants/{grant_id}/revoke", response={200: GrantOut, **errors(404, 409)})
def revoke(request: AuthenticatedRequest, grant_id: UUID) -> Grant:
    """Take a grant back: the next call asks a person again."""
    request.auth.require(ApiKey.Scope.PERMISSIONS)
    rows = Grant.objects.filter(workspace=request.auth.workspace, pk=grant_id)
    grant = rows.select_related("workspace", "session").first()
    if grant is None:
        raise NotFound("There is no such grant.")
    return revoke_grant(grant, actor=request.auth.actor)


@router.get("/policy-rules", response={200: PolicyRuleList, **errors()})
def list_rules(request: AuthenticatedRequest) -> dict[str, Any]:
    """The workspace's rules in the order in which they are tried. They are changed in the admin."""
    request.auth.require(ApiKey.Scope.PERMISSIONS)
    rows = PolicyRule.objects.filter(workspace=request.auth.workspace).select_related("agent")
    return {"items": list(rows.order_by("priority", "name"))}
