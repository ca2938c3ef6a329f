"""What agent work takes from providers, and how much of it is allowed."""

from django.contrib import admin

from agents_app.admin.filters import ModelFilter
from agents_app.models import Budget, Spending
from sessions_app.admin.configuration import ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin

COUNTS = ["requests", "input_tokens", "output_tokens", "cost_micro_dollars"]


@admin.register(Budget)
class BudgetAdmin(ConfigurationAdmin):
    list_display = ["id", "workspace", "agent", "period", "limit_tokens", "limit_micro_dollars"]
    list_filter = ["period", ("workspace", ScopedRelatedFilter), ("agent", ScopedRelatedFilter)]
    list_select_related = ["workspace", "agent"]
    search_fields = ["agent__name", "workspace__name"]
    autocomplete_fields = ["workspace", "agent"]


@admin.register(Spending)
class SpendingAdmin(ReadOnlyAdmin):
    list_display = ["at", "agent", "model", "run", "draft_reply", *COUNTS]
    list_filter = ["at", ("agent", ScopedRelatedFilter), ModelFilter, ("workspace", ScopedRelatedFilter)]
    list_select_related = ["agent", "run", "draft_reply"]
    search_fields = ["run__session__name", "draft_reply__session__name", "model"]
    date_hierarchy = "at"
