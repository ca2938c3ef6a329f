"""Filters beside the list of sessions."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import HttpRequest
from django.utils import timezone

from sessions_app.admin.scoped import supervised
from sessions_app.models import Membership, Session
from sessions_app.services.responder import get_responder

Status = Session.Status
NOBODY = "-"
# Those who wait for a person come first, by urgency; then what is open; what is over comes last.
PLACE = Case(
    *(
        When(status=Status.WAITING, priority=word, then=Value(place))
        for place, word in enumerate(("urgent", "high", "normal", "low"))
    ),
    When(status=Status.CLOSED, then=Value(5)),
    default=Value(4),
    output_field=PositiveSmallIntegerField(),
)
WAITING_SINCE = Case(When(status=Status.WAITING, then=F("status_changed_at")), output_field=DateTimeField())


class StatusFilter(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "open: not closed"), *((word, word) for word in Status.values)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        value = self.value()
        if value == "open":
            return queryset.exclude(status=Status.CLOSED)
        return queryset.filter(status=value) if value else queryset


class SlaFilter(admin.SimpleListFilter):
    """Who waits longer than their workspace wants anybody to wait."""

    title = "waiting longer than the SLA's"
    parameter_name = "sla"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("warning", "warning"), ("breach", "breach")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        if self.value() not in ("warning", "breach"):
            return queryset
        # As a plain integer: SQLite is particular about what it multiplies.
        seconds = ExpressionWrapper(F(f"workspace__sla_{self.value()}_seconds"), output_field=IntegerField())
        patience = ExpressionWrapper(seconds * Value(timedelta(seconds=1)), output_field=DurationField())
        latest = ExpressionWrapper(
            Value(timezone.now(), output_field=DateTimeField()) - patience, output_field=DateTimeField()
        )
        return queryset.filter(status=Status.WAITING, status_changed_at__lte=latest)


class ErasedFilter(admin.SimpleListFilter):
    title = "erased"
    parameter_name = "erased"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes: words gone, numbers kept"), ("no", "no")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(erased_at__isnull=self.value() == "no")


class AgentFilter(admin.SimpleListFilter):
    """By the agents there are, which the port knows: the sessions are not read for it."""

    title = "agent"
    parameter_name = "agent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in get_responder().agent_names(supervised(request.user))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        value = self.value()
        return queryset.filter(agent=value) if value else queryset


class OperatorFilter(admin.SimpleListFilter):
    """By the members of the workspaces one supervises, and of no others."""

    title = "operator"
    parameter_name = "operator"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        members = Membership.objects.filter(workspace__in=supervised(request.user)).order_by("user__username")
        names = members.values_list("user__username", flat=True).distinct()
        return [(NOBODY, "nobody"), *((name, name) for name in names)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        value = self.value()
        if value == NOBODY:
            return queryset.filter(operator=None)
        return queryset.filter(Q(operator__username=value)) if value else queryset
