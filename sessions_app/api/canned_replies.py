"""Texts that operators say often, over REST."""

from typing import Any

from ninja import Router

from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.schemas import CannedReplyList, errors
from sessions_app.models import CannedReply

router = Router(tags=["operators"])


@router.get("/canned-replies", response={200: CannedReplyList, **errors()})
def list_canned_replies(request: AuthenticatedRequest, language: str = "") -> dict[str, Any]:
    """The workspace's canned replies for a session's language, that language's own first. For operators.

    A shortcut without a text in this language gives the one without a language. Without `language`: all of them.
    """
    request.auth.require_operator()
    rows = CannedReply.objects.filter(workspace=request.auth.workspace)
    return {"items": rows.in_language(language) if language else list(rows)}
