"""The page of a permission request, and the way of an answer from it to the services."""

from copy import copy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from agents_app.admin.deciding import carry_out, refused
from agents_app.admin.decision_forms import form_for, group_of
from agents_app.admin.masking import FoldedAdmin
from agents_app.admin.missing import not_there
from agents_app.admin.permission_page import page_of
from agents_app.models import PermissionRequest
from agents_app.services.offers import offer_to
from sessions_app.admin.scoped import actor_in
from sessions_app.exceptions import AlreadyDecided, DomainError, Unprocessable

PENDING = PermissionRequest.Status.PENDING


class AnsweringAdmin(FoldedAdmin):
    """A request is evidence and is not edited; answering it has an address of its own."""

    workspace_path = "run__session__workspace"
    masked_columns = ("arguments", "known", "reasoning", "edited_arguments", "reason")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.decide_view))
        # In front of Django's own pages of a row, whose addresses take any path.
        return [path("<uuid:asked_id>/decide/", view, name="agents_app_permissionrequest_decide"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asked = self._asked(request, object_id)
        if asked is not None:
            extra_context = {**(extra_context or {}), "page": self._page(request, asked, {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def decide_view(self, request: HttpRequest, asked_id: UUID) -> HttpResponse:
        """Carry out the answer whose button was pressed. Superusers and supervisors see a request, so they may try."""
        asked = self._asked(request, str(asked_id))
        if asked is None:
            return not_there(request, PermissionRequest, asked_id)
        actor, answer = actor_in(request, asked.run.session.workspace), request.POST.get("answer", "")
        offer = offer_to(asked, actor)
        if answer not in offer.answers:
            why = " ".join(offer.notes) or "This request takes no such answer."
            said = refused(asked, Unprocessable(why) if asked.status == PENDING else AlreadyDecided())
            return self._back(request, asked, said)
        form = form_for(answer, asked, request.POST)
        if not form.is_valid():
            return self._again(request, asked, {group_of(answer): form})
        try:
            said = carry_out(asked, answer, form.cleaned_data, getattr(form, "terms", None), actor=actor)
        except Unprocessable as error:
            form.add_error(None, error.detail)
            return self._again(request, asked, {group_of(answer): form})
        except DomainError as error:
            return self._back(request, asked, refused(asked, error))
        return self._back(request, asked, said, messages.SUCCESS)

    def _asked(self, request: HttpRequest, object_id: str) -> PermissionRequest | None:
        """The request as services want it, if this person may see it."""
        found = self.get_object(request, object_id)
        rows = PermissionRequest.objects.select_related("run__session__workspace", "run__agent", "tool_call")
        return None if found is None else rows.get(pk=found.pk)

    def _page(self, request: HttpRequest, asked: PermissionRequest, typed: dict[str, Form]) -> Any:
        return page_of(asked, actor_in(request, asked.run.session.workspace), typed)

    def _again(self, request: HttpRequest, asked: PermissionRequest, typed: dict[str, Form]) -> HttpResponse:
        """The page once more, with what was typed and what is wrong with it."""
        looking = copy(request)
        looking.method = "GET"
        asked.refresh_from_db()
        return super().change_view(looking, str(asked.pk), extra_context={"page": self._page(request, asked, typed)})

    def _back(
        self, request: HttpRequest, asked: PermissionRequest, said: str, level: int = messages.WARNING
    ) -> HttpResponse:
        self.message_user(request, said, level)
        return HttpResponseRedirect(reverse("admin:agents_app_permissionrequest_change", args=[asked.pk]))
