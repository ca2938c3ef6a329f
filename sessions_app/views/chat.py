"""The customer's page. It shows one session of the visitor's; whatever changes something goes through the API."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sessions_app.events.encoding import clean_text
from sessions_app.events.reading import read_seen
from sessions_app.events.types import Event, Visibility
from sessions_app.models import Session, Workspace
from sessions_app.models.session import SessionQuerySet
from sessions_app.streaming.encoder import body
from sessions_app.transcript import fold
from sessions_app.views.customer_entries import KINDS, phrases, shown
from sessions_app.views.visitor import known_or_new, remember, token_for, visitor_of

# The newest part of a conversation is what the page begins with.
MAX_EVENTS = 2_000
TEMPLATES = [{"kind": kind, "name": f"chat/entries/_{kind}.html"} for kind in sorted(KINDS)]


@never_cache
@require_safe
def page(request: HttpRequest, *, developer: bool = False) -> HttpResponse:
    """The visitor's newest open conversation; `?session=` is another of theirs, `?new` none yet.

    A developer's page is the same with its panel open. Without a workspace to serve there is no chat: members are
    sent to the workbench.
    """
    workspace = Workspace.objects.filter(name=settings.CHAT_WORKSPACE).first()
    if workspace is None:
        return (
            redirect(settings.LOGIN_REDIRECT_URL)
            if request.user.is_authenticated
            else render(request, "chat/closed.html")
        )
    visitor = known_or_new(request)
    own = Session.objects.of(workspace).filter(customer=visitor)
    session = _chosen(request, own)
    events, last_seq = _story(session) if session else ([], 0)
    others = own.open().exclude(pk=session.pk) if session else own.open()
    context = {
        "developer": developer,
        "workspace": workspace,
        "session": session,
        "others": others.order_by("-last_event_at")[:5],
        "entries": shown(fold(events)),
        "templates": TEMPLATES,
        "suggestions": settings.CHAT_SUGGESTIONS,
        "demo": bool(getattr(settings, "DEMO_PASSWORDS", {})),
        "max_characters": settings.CHAT_MESSAGE_MAX_CHARACTERS,
        "config": {
            "visitor": token_for(visitor),
            "session": _summary(session) if session else None,
            "last_seq": last_seq,
            "events": [body(event) for event in events],
            "phrases": phrases(),
            "language": get_language(),
            "developer": developer,
        },
    }
    answer = render(request, "chat/page.html", context)
    remember(answer, visitor)
    return answer


@never_cache
@require_POST
def renew_token(request: HttpRequest) -> HttpResponse:
    """A fresh token for the page's module. 401 for a browser that lost its cookie: its page must be loaded again."""
    visitor = visitor_of(request)
    if visitor is None:
        return JsonResponse({"code": "unauthenticated", "detail": "This browser is not known here."}, status=401)
    answer = JsonResponse(token_for(visitor))
    remember(answer, visitor)
    return answer


def _chosen(request: HttpRequest, own: SessionQuerySet) -> Session | None:
    if "new" in request.GET:
        return None
    name = request.GET.get("session")
    if name is None:
        return own.open().order_by("-last_event_at", "-created_at").first()
    session = own.filter(name=clean_text(name)).first()
    if session is None:
        raise Http404("There is no such conversation.")
    return session


def _story(session: Session) -> tuple[list[Event], int]:
    after = max(session.pruned_seq, session.last_seq - MAX_EVENTS)
    return read_seen(session, Visibility.CUSTOMER, after=after, limit=MAX_EVENTS)


def _summary(session: Session) -> dict[str, Any]:
    return {"name": session.name, "status": session.status, "agent": session.agent, "language": session.language}
