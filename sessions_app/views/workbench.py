"""The operators' pages: the queue, and one session. They show; whatever changes something goes through the API.

One thing is written down here: that a supervisor has read a session.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from sessions_app.events.encoding import clean_text
from sessions_app.events.reading import read_seen
from sessions_app.events.types import Visibility
from sessions_app.models import Membership, Session
from sessions_app.services.disclosures import note_reading
from sessions_app.transcript import fold
from sessions_app.views.entries import SHOWN, shown
from sessions_app.views.membership import Choice, Viewer, find_viewer
from sessions_app.views.queue_rows import VIEWS, counts, groups

# Events a session's page begins with, and how many it shows at most; the log has them all.
EVENTS = 300
MAX_EVENTS = 5_000
TEMPLATES = [{"kind": kind, "name": f"transcript/_{kind}.html"} for kind in sorted(SHOWN)]


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def queue(request: HttpRequest) -> HttpResponse:
    """Who waits, what is open, and what agents ask. `?view=` is one of VIEWS."""
    viewer = find_viewer(request)
    if isinstance(viewer, Choice):
        return _choose(request, viewer)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    found = groups(viewer, view)
    numbers = counts(viewer)
    context = {
        "viewer": viewer,
        "view": view,
        "groups": found,
        "counts": numbers,
        "page": {
            **_settings(viewer),
            "view": view,
            "rows": [row for group in found for row in group["rows"]],
            "counts": numbers,
        },
    }
    return render(request, "workbench/queue.html", context)


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def rows(request: HttpRequest) -> HttpResponse:
    """The queue's rows as data, for a page that was cut off from the stream for a while."""
    viewer = find_viewer(request)
    if isinstance(viewer, Choice):
        raise Http404("Name the workspace.")
    view = request.GET.get("view", "")
    found = groups(viewer, view if view in VIEWS else VIEWS[0])
    return JsonResponse({"rows": [row for group in found for row in group["rows"]], "counts": counts(viewer)})


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def session(request: HttpRequest, name: str) -> HttpResponse:
    """One session: its transcript up to a seq, from which the page follows live. `?events=` shows more of it."""
    viewer = find_viewer(request)
    if isinstance(viewer, Choice):
        return _choose(request, viewer)
    sessions = Session.objects.of(viewer.workspace).select_related("operator")
    found = sessions.filter(name=clean_text(name)).first()
    if found is None:
        raise Http404("There is no such session.")
    if viewer.level is Visibility.SUPERVISOR:
        note_reading(found, actor=viewer.actor)
    wanted = _number(request.GET.get("events"), EVENTS, MAX_EVENTS)
    after = max(found.pruned_seq, found.last_seq - wanted)
    seen, last_seq = read_seen(found, viewer.level, after=after, limit=wanted)
    entries = fold(seen)
    colleagues = _colleagues(viewer)
    context = {
        "viewer": viewer,
        "session": found,
        "members": colleagues,
        "operator": found.operator.get_username() if found.operator else "",
        "entries": shown(entries),
        "templates": TEMPLATES,
        "earlier": min(wanted + EVENTS * 4, MAX_EVENTS) if after > found.pruned_seq and wanted < MAX_EVENTS else None,
        "page": {
            **_settings(viewer),
            "session": _summary(found),
            "colleagues": colleagues,
            "last_seq": last_seq,
            "entries": entries,
        },
    }
    return render(request, "workbench/session.html", context)


def _settings(viewer: Viewer) -> dict[str, Any]:
    """What the page's modules must know."""
    workspace = viewer.workspace
    return {
        "workspace": workspace.name if viewer.query else "",
        "scope": workspace.name,
        "viewer": {"name": viewer.user.get_username(), "role": viewer.role},
        "sla": {"warning": workspace.sla_warning_seconds, "breach": workspace.sla_breach_seconds},
    }


def _summary(session: Session) -> dict[str, Any]:
    """The session's state, with the names that the API and the feed use."""
    since = session.waiting_since
    return {
        "name": session.name,
        "last_seq": session.last_seq,
        "status": session.status,
        "priority": session.priority,
        "operator": session.operator.get_username() if session.operator else "",
        "agent": session.agent,
        "customer": session.customer,
        "language": session.language,
        "waiting_since": since.isoformat() if since else None,
    }


def _colleagues(viewer: Viewer) -> list[str]:
    """To whom a session may be passed on."""
    members = Membership.objects.filter(workspace=viewer.workspace, user__is_active=True).exclude(user=viewer.user)
    return list(members.order_by("user__username").values_list("user__username", flat=True))


def _choose(request: HttpRequest, choice: Choice) -> HttpResponse:
    """Ask which workspace is meant; who belongs to none is told so."""
    status = 200 if choice.workspaces else 403
    context = {"workspaces": choice.workspaces, "path": request.path}
    return render(request, "workbench/choose.html", context, status=status)


def _number(text: str | None, default: int, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and len(text) < 10 and int(text) > 0 else default
