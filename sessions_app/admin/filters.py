"""Filters beside lists. None of them reads the listed table to find out what can be chosen."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from sessions_app.actors import ActorKind
from sessions_app.admin.scoped import visible_rows
from sessions_app.events.types import EventType

# Of models that are set up by hand the names are Django's.
AUDIT_AREAS = (
    "agent",
    "api_key",
    "audit",
    "budget",
    "cannedreply",
    "customer",
    "draft_reply",
    "grant",
    "group",
    "handoff",
    "handoffrule",
    "login",
    "mcpserver",
    "membership",
    "note",
    "order",
    "permission",
    "policyrule",
    "retention",
    "run",
    "session",
    "tool",
    "user",
    "workspace",
)


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """For relations: offers what the person may see, as the related model's own list does."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> Any:
        rows = visible_rows(model_admin.admin_site, field, request)
        limit = {} if rows is None else {"pk__in": rows.values("pk")}
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=limit)

    def has_output(self) -> bool:
        # Django ignores a filter that has nothing to offer, and then `?workspace=9` would show everything.
        return super().has_output() or bool(self.lookup_val)


class WordFilter(admin.SimpleListFilter):
    """For a text field that holds one word of a fixed vocabulary; `parameter_name` is the field's name."""

    words: Iterable[str] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(word, word) for word in map(str, self.words)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value else queryset


class EventTypeFilter(WordFilter):
    title = "type"
    parameter_name = "type"
    words = EventType


class AuditAreaFilter(admin.SimpleListFilter):
    """For audit entries: what was acted on is the first part of an action."""

    title = "what was acted on"
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(area, area.replace("_", " ")) for area in AUDIT_AREAS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        area = self.value()
        return queryset.filter(action__startswith=f"{area}.") if area else queryset


class ActorKindFilter(WordFilter):
    title = "kind of actor"
    parameter_name = "actor_kind"
    words = ActorKind
