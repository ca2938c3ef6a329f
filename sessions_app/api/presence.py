"""Who is looking at what, over REST."""

from typing import Any

from ninja import Router, Status

from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.schemas import PresenceIn, PresenceList, errors
from sessions_app.models import Presence
from sessions_app.services.presence import be_present

router = Router(tags=["operators"])


@router.post("/presence", response={204: None, **errors(404)})
def post_presence(request: AuthenticatedRequest, payload: PresenceIn) -> Status[None]:
    """Say where you are: in a session, or at the queue. For members; repeat it every 20 seconds and on every move.

    The other operators are told on the workspace's feed. Who is silent for 45 seconds is forgotten.
    """
    request.auth.require_member()
    session = None if payload.session is None else request.auth.session(payload.session)
    be_present(request.auth.workspace, session, actor=request.auth.actor)
    return Status(204, None)


@router.get("/presence", response={200: PresenceList, **errors()})
def list_presence(request: AuthenticatedRequest) -> dict[str, Any]:
    """The members who are here now, by name. For operators."""
    request.auth.require_operator()
    return {"items": list(Presence.objects.here(request.auth.workspace.pk))}
