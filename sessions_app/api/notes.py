"""Notes that operators leave for each other, over REST."""

from ninja import Router, Status

from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.schemas import NoteIn, NoteOut, errors
from sessions_app.services.notes import Noted, add_note

router = Router(tags=["operators"])


@router.post("/sessions/{session}/notes", response={201: NoteOut, **errors(404, 409, 413)})
def post_note(request: AuthenticatedRequest, session: str, payload: NoteIn) -> Status[Noted]:
    """Write down something for other operators; customers never see it. For members, until the session is closed."""
    request.auth.require_member()
    return Status(201, add_note(request.auth.session(session), payload.text, actor=request.auth.actor))
