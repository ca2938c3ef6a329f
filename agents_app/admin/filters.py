"""Filters over agent work. None of them reads the listed table to find out what can be chosen."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from agents_app.models import Agent, PermissionRequest, Run
from agents_app.policy import Role
from agents_app.tools.base import Risk
from agents_app.tools.catalogue import TOOLS
from sessions_app.actors import SYSTEM
from sessions_app.admin.filters import WordFilter
from sessions_app.admin.scoped import supervised

# More names than this help nobody to choose; the search finds the others.
OFFERED = 50


class ToolFilter(WordFilter):
    """Offers our own tools; an address may name any, also one of a server."""

    title = "tool"
    parameter_name = "tool_name"
    words = TOOLS


class ToolNameFilter(ToolFilter):
    """For tables that call it `tool`."""

    parameter_name = "tool"


class CallToolFilter(ToolFilter):
    """For tables that know the tool by its call."""

    parameter_name = "tool_call__tool_name"


class RiskFilter(WordFilter):
    title = "risk"
    parameter_name = "risk_level"
    words = Risk


class RequiredRoleFilter(WordFilter):
    title = "who may decide"
    parameter_name = "required_role"
    words = Role


class DeciderFilter(WordFilter):
    """Offers the members of the workspaces one supervises and the clock; an address may name any actor."""

    title = "decided by"
    parameter_name = "decided_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        members = User.objects.filter(memberships__workspace__in=supervised(request.user)).distinct()
        names = members.order_by("username").values_list("username", flat=True)[:OFFERED]
        return [(f"user:{name}", name) for name in names] + [(str(SYSTEM), "nobody in time")]


class MakerFilter(DeciderFilter):
    """Who gave a grant."""

    title = "made by"
    parameter_name = "created_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return super().lookups(request, model_admin)[:-1]


class ModelFilter(WordFilter):
    """Offers the models that agents use today; an address may name any."""

    title = "model"
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        agents = Agent.objects.filter(workspace__in=supervised(request.user))
        names = agents.order_by("model").values_list("model", flat=True).distinct()[:OFFERED]
        return [(name, name) for name in names]


class ErrorCodeFilter(WordFilter):
    """Offers the codes with which runs end; an address may name any."""

    title = "error code"
    parameter_name = "error_code"
    words = (
        "answer_missing",
        "bad_model_output",
        "budget_exceeded",
        "internal_error",
        "mcp_unavailable",
        "model_rate_limited",
        "model_rejected",
        "model_timeout",
        "model_unavailable",
        "run_timeout",
        "tool_error",
        "unknown_model",
        "unknown_tool",
        "usage_limit",
        "worker_lost",
        "wrong_answer",
    )


class ConditionFilter(admin.SimpleListFilter):
    """Named conditions over rows. A word that names none finds nothing, as a misspelled address should."""

    words: Iterable[tuple[str, str]] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.words)

    def conditions(self) -> Mapping[str, Q]:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        value = self.value()
        if value is None:
            return queryset
        condition = self.conditions().get(value)
        return queryset.none() if condition is None else queryset.filter(condition)


class WaitingFilter(ConditionFilter):
    """Requests that nobody has answered for a while."""

    title = "waiting for more than"
    parameter_name = "waiting"
    words = (("60", "1 minute"), ("300", "5 minutes"), ("900", "15 minutes"))

    def conditions(self) -> Mapping[str, Q]:
        now, pending = timezone.now(), Q(status=PermissionRequest.Status.PENDING)
        lengths = {word: timedelta(seconds=int(word)) for word, _ in self.words}
        return {word: pending & Q(requested_at__lt=now - length) for word, length in lengths.items()}


class StandingFilter(ConditionFilter):
    """How a run stands that is not over: whose worker is heard of, and whose is not."""

    title = "standing"
    parameter_name = "standing"
    words = (
        ("unfinished", "not over"),
        ("running", "at work"),
        ("stalled", "stalled: its worker is silent"),
        ("parked", "parked: waits for a person"),
        ("in_line", "in line"),
    )

    def conditions(self) -> Mapping[str, Q]:
        now = timezone.now()
        running = Q(status=Run.Status.RUNNING)
        return {
            "unfinished": Q(status__in=Run.UNFINISHED),
            "running": running & Q(lease_until__gte=now),
            "stalled": running & Q(lease_until__lt=now),
            "parked": Q(status=Run.Status.WAITING),
            "in_line": Q(status__in=Run.CLAIMABLE),
        }


class GrantStateFilter(ConditionFilter):
    """Whether a grant still answers."""

    title = "state"
    parameter_name = "state"
    words = (
        ("live", "live"),
        ("soon", "ends within a day"),
        ("over", "over"),
        ("revoked", "revoked"),
        ("unused", "live and never used"),
    )

    def conditions(self) -> Mapping[str, Q]:
        now = timezone.now()
        live = Q(revoked_at=None, expires_at__gt=now)
        return {
            "live": live,
            "soon": live & Q(expires_at__lte=now + timedelta(days=1)),
            "over": Q(revoked_at=None, expires_at__lte=now),
            "revoked": Q(revoked_at__isnull=False),
            "unused": live & Q(uses=0),
        }
