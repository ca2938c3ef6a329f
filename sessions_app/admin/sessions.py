"""The list of sessions, and the way to the page of one."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html

from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.admin.scoped import actor_in
from sessions_app.admin.session_actions import action_view
from sessions_app.admin.session_exports import export_view
from sessions_app.admin.session_filters import (
    PLACE,
    WAITING_SINCE,
    AgentFilter,
    ErasedFilter,
    OperatorFilter,
    SlaFilter,
    StatusFilter,
)
from sessions_app.admin.session_list_actions import SessionListActions
from sessions_app.admin.session_live import facts_view, ticket_view
from sessions_app.admin.session_page import page_of
from sessions_app.events.encoding import clean_text
from sessions_app.models import Session, Workspace
from sessions_app.models.session import URGENCY, SessionQuerySet
from sessions_app.services.disclosures import note_reading
from sessions_app.services.searching import find_sessions


@admin.register(Session)
class SessionAdmin(SessionListActions, ReadOnlyAdmin):
    list_display = [
        "name",
        "state",
        "waiting",
        "urgency",
        "customer",
        "agent",
        "operator",
        "last_event_at",
        "said_last",
        "workspace",
        "created_at",
    ]
    list_filter = [
        StatusFilter,
        SlaFilter,
        "priority",
        AgentFilter,
        OperatorFilter,
        ErasedFilter,
        ("workspace", ScopedRelatedFilter),
    ]
    list_select_related = ["workspace", "operator"]
    search_fields = ["name"]
    search_help_text = (
        "Parts of a name or a customer, and words of messages and notes: whole words, “a phrase”, -without. "
        "In languages without spaces, and on SQLite, a part of the text."
    )
    date_hierarchy = "created_at"
    heavy_fields = ["metadata"]
    # Shown with the facts of its page, masked.
    exclude = ["metadata"]
    ordering = [PLACE.asc(), WAITING_SINCE.asc(), "-last_event_at", "-pk"]
    change_form_template = "admin/sessions_app/session/page.html"

    class Media:
        css = {"all": ["handrail/css/session-list.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [
            self._path("facts", "<path:object_id>/facts/", facts_view),
            self._path("ticket", "<path:object_id>/ticket/", ticket_view),
            self._path("do", "<path:object_id>/do/<slug:action>/", action_view),
            self._path("export", "<path:object_id>/export/<slug:format>/", export_view),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = clean_text(search_term.strip())
        return (find_sessions(cast(SessionQuerySet, queryset), words) if words else queryset), False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Model | None = None,
    ) -> HttpResponse:
        assert isinstance(obj, Session)
        note_reading(obj, actor=actor_in(request, obj.workspace))
        context.update(page_of(self, request, obj), title=obj.customer or obj.name)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="status", ordering=PLACE)
    def state(self, session: Session) -> str:
        return session.status

    @admin.display(ordering=WAITING_SINCE)
    def waiting(self, session: Session) -> str:
        """How long, and what the workspace's SLA says of it."""
        since = session.waiting_since
        if since is None:
            return ""
        seconds = int((timezone.now() - since).total_seconds())
        level = sla_level(seconds, session.workspace)
        words = {"fine": "", "warning": "SLA warning", "breach": "SLA breached"}[level]
        return format_html('<span class="waited" data-level="{}">{} {}</span>', level, in_words(seconds), words)

    @admin.display(description="priority", ordering=URGENCY)
    def urgency(self, session: Session) -> str:
        return session.priority

    @admin.display(description="newest message")
    def said_last(self, session: Session) -> str:
        return session.last_message[:60]

    def _path(self, name: str, route: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
        guarded = self.admin_site.admin_view(partial(view, self))
        return path(route, guarded, name=f"sessions_app_session_{name}")


def sla_level(seconds: int, workspace: Workspace) -> str:
    """fine, warning or breach."""
    if seconds >= workspace.sla_breach_seconds:
        return "breach"
    return "warning" if seconds >= workspace.sla_warning_seconds else "fine"


def in_words(seconds: int) -> str:
    """ "45 s", "12 min", "3 h 5 min", "2 d 4 h": as exact as anybody wants to know."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{max(seconds, 0)} s"
