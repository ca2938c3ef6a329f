"""What the page of a session asks for while it is open: leave to follow it, and its facts as they are now."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.response import TemplateResponse

from sessions_app.admin.scoped import WorkspaceScopedAdmin, actor_in
from sessions_app.admin.session_found import session_at
from sessions_app.admin.session_page import facts_of
from sessions_app.events.types import Visibility
from sessions_app.services.disclosures import note_reading
from sessions_app.services.tickets import issue_ticket


def ticket_view(owner: WorkspaceScopedAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """A stream ticket. Not the API's: that one is for members, and a superuser need not be one."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    session = session_at(owner, request, object_id)
    level = Visibility.SUPERVISOR
    actor = actor_in(request, session.workspace)
    # With a ticket the whole log can be read, without the page.
    note_reading(session, actor=actor)
    token, expires_at = issue_ticket(session, level=level, issuer_level=level, reader=str(actor))
    return JsonResponse({"token": token, "expires_at": expires_at})


def facts_view(owner: WorkspaceScopedAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The part of the page above the timeline."""
    session = session_at(owner, request, object_id)
    return TemplateResponse(request, "admin/sessions_app/session/_facts.html", facts_of(request, session))
