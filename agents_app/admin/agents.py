"""Agents, and the orders of the demo shop."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from agents_app.models import Agent, Order, PolicyRule
from agents_app.services.policies import delete_rules, hold_rules
from sessions_app.admin.configuration import SET_UP, ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.scoped import actor_in


@admin.register(Agent)
class AgentAdmin(ConfigurationAdmin):
    supervisors_may = SET_UP
    # Sessions name their agent, so it keeps its name.
    fixed_fields = ("workspace", "name")
    list_display = ["name", "title", "workspace", "model", "is_default"]
    list_filter = ["is_default", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["name", "title", "model"]
    autocomplete_fields = ["workspace"]
    readonly_fields = ["created_at"]
    heavy_fields = ["instructions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The provider's key is sent to the base URL, so only who may see the environment may set it."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "base_url"]

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """The rules for an agent go with it, each with its own entry and its last version."""
        assert isinstance(obj, Agent)
        mine = PolicyRule.objects.filter(agent=obj)
        delete_rules(mine, actor_in=partial(actor_in, request), reason=f"The agent {obj.name} was deleted.")
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One agent after the other, in the order in which chains are locked, with all their rules held before."""
        agents = list(queryset.select_related("workspace").order_by("workspace_id", "pk"))
        hold_rules(PolicyRule.objects.filter(agent__in=agents))
        for agent in agents:
            self.delete_model(request, agent)


@admin.register(Order)
class OrderAdmin(ConfigurationAdmin):
    list_display = ["number", "item", "workspace", "status", "total_cents", "refunded_cents"]
    list_filter = ["status", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["item", "number__exact"]
    autocomplete_fields = ["workspace"]
