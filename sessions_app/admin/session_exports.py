"""The transcript to take along."""

from django.http import Http404, HttpRequest, StreamingHttpResponse

from sessions_app.admin.scoped import WorkspaceScopedAdmin, actor_in
from sessions_app.admin.session_found import session_at
from sessions_app.exports.answers import FORMATS, export


def export_view(
    owner: WorkspaceScopedAdmin, request: HttpRequest, object_id: str, format: str
) -> StreamingHttpResponse:
    """One of FORMATS."""
    session = session_at(owner, request, object_id)
    if format not in FORMATS:
        raise Http404("There is no such format.")
    return export(session, format, actor=actor_in(request, session.workspace))
