"""What a supervisor does with a session from its page, through the same services as the workbench."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from sessions_app.actors import Actor
from sessions_app.admin.scoped import WorkspaceScopedAdmin, actor_in
from sessions_app.admin.session_forms import close_form, hand_back_form, nothing_form, reassign_form
from sessions_app.admin.session_found import session_at
from sessions_app.exceptions import DomainError
from sessions_app.models import Membership, Session
from sessions_app.services.accepting import accept_session
from sessions_app.services.responder import get_responder
from sessions_app.services.returning import return_session
from sessions_app.services.sessions import close_session
from sessions_app.services.staffing import SUPERVISING, is_served, serves
from sessions_app.services.stopping import stop_work
from sessions_app.services.transferring import transfer_session

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """`at_once`: the page's button does it; all others ask on a page of their own first. `done` is said afterwards."""

    label: str
    done: str
    form: Callable[[Session, Any], forms.Form]
    carry_out: Callable[[Session, Actor, Answers], object]
    at_once: bool = False
    danger: bool = False
    help: str = ""


ACTIONS: Mapping[str, Action] = {
    "take-over": Action(
        "Take over",
        "You serve this session now.",
        nothing_form,
        lambda session, actor, answers: accept_session(session, actor=actor),
        at_once=True,
        help="You answer the customer from now on, at the workbench. What the agent was doing here is over.",
    ),
    "hand-back": Action(
        "Hand back",
        "The agent serves again.",
        hand_back_form,
        lambda session, actor, answers: return_session(session, actor=actor, summary=answers["summary"]),
        help="The agent serves again and is told this. The customer does not see it.",
    ),
    "reassign": Action(
        "Reassign",
        "The session is passed on.",
        reassign_form,
        lambda session, actor, answers: transfer_session(
            session, actor=actor, to=answers["to"], reason=answers["reason"]
        ),
        help="A colleague has it at once.",
    ),
    "stop": Action(
        "Cancel run",
        "The agent is told to stop.",
        nothing_form,
        lambda session, actor, answers: stop_work(session, actor=actor),
        danger=True,
        help="Whatever the agent is doing, or has in line here, is cancelled, and so is what it asked permission for.",
    ),
    "close": Action(
        "Close",
        "The session is closed.",
        close_form,
        lambda session, actor, answers: close_session(session, actor=actor, reason=answers["reason"]),
        danger=True,
        help="Runs are cancelled, and nothing can be said here any more. A closed session is not opened again.",
    ),
}


def offered(session: Session, actor: Actor) -> list[str]:
    """Which of ACTIONS would not be refused as things stand. The services decide; this only spares a refusal."""
    status = session.status
    if status == Session.Status.CLOSED:
        return []
    staffed = status == Session.Status.STAFFED
    # A superuser who belongs to no workspace may end things, but serves nobody and gives nothing away.
    member = Membership.objects.filter(workspace=session.workspace_id, user=actor.user_id).exists()
    leads = serves(session, actor) or (status == Session.Status.WAITING and actor.role in SUPERVISING)
    offers = {
        "take-over": member and not (staffed and is_served(session)),
        "hand-back": member and leads,
        "reassign": member and leads,
        "stop": get_responder().at_work(session),
        "close": leads or not staffed,
    }
    return [name for name in ACTIONS if offers[name]]


def action_view(owner: WorkspaceScopedAdmin, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
    """GET asks, POST does it. Refusals are told on the session's page, in the services' words."""
    session = session_at(owner, request, object_id)
    chosen = ACTIONS.get(action)
    if chosen is None:
        raise Http404("There is no such action.")
    form = chosen.form(session, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _carry_out(owner, request, session, chosen, form.cleaned_data)
    context = {
        **owner.admin_site.each_context(request),
        "title": f"{chosen.label}: {session}",
        "opts": owner.opts,
        "original": session,
        "form": form,
        "action": chosen,
    }
    return TemplateResponse(request, "admin/sessions_app/session/action.html", context)


def _carry_out(
    owner: WorkspaceScopedAdmin, request: HttpRequest, session: Session, action: Action, answers: Answers
) -> HttpResponse:
    try:
        action.carry_out(session, actor_in(request, session.workspace), answers)
    except DomainError as error:
        owner.message_user(request, error.detail, messages.ERROR)
    else:
        owner.message_user(request, action.done, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:sessions_app_session_change", args=[session.pk]))
