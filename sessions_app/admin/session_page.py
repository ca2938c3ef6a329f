"""What the page of one session shows: its facts, where the rest of it is, and its timeline."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from sessions_app.admin.entry_pages import way_on, ways
from sessions_app.admin.scoped import WorkspaceScopedAdmin, actor_in
from sessions_app.admin.session_actions import ACTIONS, Action, offered
from sessions_app.admin.session_timeline import TEMPLATES, read_stretch
from sessions_app.exports.answers import FORMATS
from sessions_app.models import Handoff, Membership, Session
from sessions_app.services.responder import get_responder
from sessions_app.views.entries import name_of

# The newest; the lists have all.
HANDOFFS = 20
RUNS = 10


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Offer:
    action: Action
    address: str


def facts_of(request: HttpRequest, session: Session) -> dict[str, Any]:
    """What changes while the page is open, and is fetched again then."""
    actor, masked = actor_in(request, session.workspace), session.workspace.masked
    work = get_responder().work_in(session, most=RUNS)
    handoffs = Handoff.objects.filter(session=session).select_related("operator").order_by("-requested_at")
    return {
        "session": session,
        "sla": {
            "warning": session.workspace.sla_warning_seconds,
            "breach": session.workspace.sla_breach_seconds,
        },
        "runs": [{"work": one, "way_on": way_on({"kind": "run", "id": str(one.id)})} for one in work],
        "metadata": masked(session.metadata),
        "handoffs": [
            {"row": one, "asked_by": name_of(one.requested_by), "reason": masked(one.reason)}
            for one in handoffs[:HANDOFFS]
        ],
        "offers": [Offer(ACTIONS[name], address(session, "do", name)) for name in offered(session, actor)],
        "workbench": workbench_of(request, session),
    }


def page_of(owner: WorkspaceScopedAdmin, request: HttpRequest, session: Session) -> dict[str, Any]:
    """Everything the template needs beside Django's own context. `?before=` is a seq."""
    text = request.GET.get("before", "")
    stretch = read_stretch(session, before=int(text) if text.isdecimal() and len(text) < 16 else None)
    facts = facts_of(request, session)
    return {
        **facts,
        "stretch": stretch,
        "templates": TEMPLATES,
        "exports": [Link(one.label, address(session, "export", name)) for name, one in FORMATS.items()],
        "lists": lists_of(owner, request, session),
        "page": {
            "session": session.name,
            "live": stretch.live,
            "last_seq": stretch.last_seq,
            "entries": stretch.entries if stretch.live else [],
            "ticket": address(session, "ticket"),
            "facts": address(session, "facts"),
            "ways": ways(),
            "sla": facts["sla"],
        },
    }


def lists_of(owner: WorkspaceScopedAdmin, request: HttpRequest, session: Session) -> list[Link]:
    """Every list of rows that belong to a session, narrowed to this one; and its audit entries."""
    found = []
    for app in owner.admin_site.get_app_list(request):
        for model in app["models"]:
            shown_by = owner.admin_site.get_model_admin(model["model"])
            lookup = shown_by.session_lookup if isinstance(shown_by, WorkspaceScopedAdmin) else ""
            if lookup and model["admin_url"]:
                query = urlencode({lookup: str(session.pk)})
                found.append(Link(str(model["name"]), f"{model['admin_url']}?{query}"))
    return found


def workbench_of(request: HttpRequest, session: Session) -> str:
    """The session at the workbench, for members; "" for a superuser who belongs elsewhere."""
    memberships = Membership.objects.filter(workspace=session.workspace_id, user__username=request.user.get_username())
    if not memberships.exists():
        return ""
    query = urlencode({"workspace": session.workspace.name})
    return f"{reverse('workbench-session', args=[session.name])}?{query}"


def address(session: Session, kind: str, *more: str) -> str:
    return reverse(f"admin:sessions_app_session_{kind}", args=[session.pk, *more])
