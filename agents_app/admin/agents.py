"""Agents, and the orders of the demo shop."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from agents_app.models import Agent, Order
from sessions_app.admin.configuration import SET_UP, ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter


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


@admin.register(Order)
class OrderAdmin(ConfigurationAdmin):
    list_display = ["number", "item", "workspace", "status", "total_cents", "refunded_cents"]
    list_filter = ["status", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["item", "number__exact"]
    autocomplete_fields = ["workspace"]
