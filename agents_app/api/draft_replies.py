"""Suggestions for operators, over REST."""

from typing import Any

from ninja import Router, Status

from agents_app.api.schemas import DraftOut
from agents_app.services.drafting import request_draft
from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.schemas import errors

router = Router(tags=["operators"])


@router.post("/sessions/{session}/draft-reply", response={202: DraftOut, **errors(404, 409)})
def draft_reply(request: AuthenticatedRequest, session: str) -> Status[dict[str, Any]]:
    """Ask the session's agent what you could say next; the customer sees nothing of it. For members.

    The draft comes on the stream as a `notice` with the code `draft_reply` and this `draft_id`, or `draft_failed`.
    While one is being written, asking again gives the same id.
    """
    request.auth.require_member()
    draft = request_draft(request.auth.session(session), actor=request.auth.actor)
    return Status(202, {"draft_id": draft.pk})
