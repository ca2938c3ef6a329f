"""What a supervisor does with several sessions at once, from their list."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from sessions_app.actors import Actor
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.admin.scoped import actor_in
from sessions_app.admin.session_forms import CloseForm, NothingForm, ReassignForm, members_for
from sessions_app.exceptions import DomainError
from sessions_app.models import Session
from sessions_app.services.sessions import close_session
from sessions_app.services.stopping import stop_work
from sessions_app.services.transferring import transfer_session

Sessions = QuerySet[Session]


class SessionListActions(ReadOnlyAdmin):
    """Each asks first, and then does one session after the other: a refusal leaves the others as they are."""

    actions = ["reassign_selected", "stop_selected", "close_selected"]

    @admin.action(description="Reassign…", permissions=["view"])
    def reassign_selected(self, request: HttpRequest, chosen: Sessions) -> HttpResponse | None:
        form = ReassignForm(members_for(chosen), _answers(request))

        def reassign(session: Session, actor: Actor) -> object:
            return transfer_session(
                session, actor=actor, to=form.cleaned_data["to"], reason=form.cleaned_data["reason"]
            )

        return self._each(request, chosen, form, reassign, "Reassign", "passed on")

    @admin.action(description="Cancel runs…", permissions=["view"])
    def stop_selected(self, request: HttpRequest, chosen: Sessions) -> HttpResponse | None:
        return self._each(
            request,
            chosen,
            NothingForm(_answers(request)),
            lambda session, actor: stop_work(session, actor=actor),
            "Cancel runs",
            "told to stop",
        )

    @admin.action(description="Close…", permissions=["view"])
    def close_selected(self, request: HttpRequest, chosen: Sessions) -> HttpResponse | None:
        form = CloseForm(_answers(request))
        return self._each(
            request,
            chosen,
            form,
            lambda session, actor: close_session(session, actor=actor, reason=form.cleaned_data["reason"]),
            "Close",
            "closed",
        )

    def _each(
        self,
        request: HttpRequest,
        chosen: Sessions,
        form: forms.Form,
        carry_out: Callable[[Session, Actor], object],
        label: str,
        done: str,
    ) -> HttpResponse | None:
        sessions = list(chosen.select_related("workspace", "operator"))
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": f"{label}: {len(sessions)} {'session' if len(sessions) == 1 else 'sessions'}",
                "opts": self.opts,
                "sessions": sessions,
                "form": form,
                "label": label,
                "action": request.POST["action"],
            }
            return TemplateResponse(request, "admin/sessions_app/session/list_action.html", context)
        for session in sessions:
            try:
                carry_out(session, actor_in(request, session.workspace))
            except DomainError as error:
                self.message_user(request, f"{session}: {error.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{session}: {done}.", messages.SUCCESS)
        return None


def _answers(request: HttpRequest) -> Any:
    """What was filled in on the page that asks; None before it was shown."""
    return request.POST if "confirmed" in request.POST else None
