"""The page of a grant, and the ways to make one by hand, to move its end and to take it back."""

from collections.abc import Callable
from copy import copy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agents_app.admin.grant_forms import EndForm, MakeForm, RevokeForm
from agents_app.admin.masking import FoldedAdmin
from agents_app.admin.missing import not_there
from agents_app.admin.wordings import spelled
from agents_app.exceptions import GrantChanged
from agents_app.models import Grant
from agents_app.services.grants import make_grant, move_end, revoke_grant
from sessions_app.actors import Actor
from sessions_app.admin.scoped import actor_in, supervised
from sessions_app.exceptions import DomainError
from sessions_app.models import AuditEntry

# A grant that is used every minute has more entries than a page can show.
ENTRIES = 100


class GrantingAdmin(FoldedAdmin):
    """What a grant allows is what somebody approved, and is not edited; its end may be moved."""

    masked_columns = ("conditions", "reason")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        # In front of Django's own pages of a row, whose addresses take any path.
        return [
            path("make/", view(self.make_view), name="agents_app_grant_make"),
            path("<uuid:grant_id>/end/", view(require_POST(self.end_view)), name="agents_app_grant_end"),
            path("<uuid:grant_id>/revoke/", view(require_POST(self.revoke_view)), name="agents_app_grant_revoke"),
            *super().get_urls(),
        ]

    def value_of(self, row: Model, column: str) -> Any:
        """A condition hides its value by the name of its argument."""
        assert isinstance(row, Grant)
        return row.shown_conditions() if column == "conditions" else super().value_of(row, column)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        grant = self.get_object(request, object_id)
        if isinstance(grant, Grant):
            extra_context = {**_page(grant), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def end_view(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        def move(grant: Grant, form: Form, actor: Actor) -> str:
            if form.cleaned_data["seen"] != grant.expires_at.isoformat():
                raise GrantChanged
            moved = move_end(grant, form.cleaned_data["expires_at"], actor=actor, reason=form.cleaned_data["reason"])
            return f"{moved} ends {timezone.localtime(moved.expires_at):%Y-%m-%d %H:%M:%S}."

        return self._post(request, grant_id, EndForm(request.POST), "end_form", move)

    def revoke_view(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        def revoke(grant: Grant, form: Form, actor: Actor) -> str:
            return f"{revoke_grant(grant, actor=actor, reason=form.cleaned_data['reason'])} is revoked."

        return self._post(request, grant_id, RevokeForm(request.POST), "revoke_form", revoke)

    def make_view(self, request: HttpRequest) -> HttpResponse:
        """For superusers and supervisors, in the workspaces they supervise."""
        if not supervised(request.user).exists():
            raise PermissionDenied
        form = MakeForm(request.POST if request.method == "POST" else None, user=request.user)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            actor, whose = actor_in(request, given["workspace"]), {"session": given["session"]}
            try:
                grant = make_grant(
                    given["workspace"],
                    given["tool"],
                    form.terms,
                    actor=actor,
                    reason=given["reason"],
                    customer=given["customer"],
                    **whose,
                )
            except DomainError as error:
                form.add_error(None, error.detail)
            else:
                self.message_user(request, f"{grant} is made.", messages.SUCCESS)
                return _back(grant.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Make a grant",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/agents_app/grant/make.html", context)

    def _post(
        self,
        request: HttpRequest,
        grant_id: UUID,
        form: Form,
        name: str,
        carry_out: Callable[[Grant, Form, Actor], str],
    ) -> HttpResponse:
        found = self.get_object(request, str(grant_id))
        if found is None:
            return not_there(request, Grant, grant_id)
        grant = Grant.objects.select_related("workspace", "session").get(pk=found.pk)
        if not form.is_valid():
            looking = copy(request)
            looking.method = "GET"
            return self.change_view(looking, str(grant.pk), extra_context={name: form})
        try:
            said, level = carry_out(grant, form, actor_in(request, grant.workspace)), messages.SUCCESS
        except DomainError as error:
            said, level = f"{grant}: {error.detail}", messages.WARNING
        self.message_user(request, said, level)
        return _back(grant.pk)


def _page(grant: Grant) -> dict[str, Any]:
    live = grant.revoked_at is None and grant.expires_at > timezone.now()
    entries = AuditEntry.objects.of(grant.workspace).filter(target=grant.pk).order_by("-id")
    ends = {"seen": grant.expires_at.isoformat(), "expires_at": timezone.localtime(grant.expires_at)}
    return {
        "grant": grant,
        "conditions": [spelled([one]) for one in grant.shown_conditions()],
        "live": live,
        "reason": grant.workspace.masked(grant.reason),
        "entries": entries[:ENTRIES],
        "end_form": EndForm(initial=ends, auto_id="id_end_%s") if live else None,
        "revoke_form": RevokeForm(auto_id="id_revoke_%s") if grant.revoked_at is None else None,
        "time_zone": timezone.get_current_timezone_name(),
    }


def _back(pk: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:agents_app_grant_change", args=[pk]))
