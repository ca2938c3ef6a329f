"""When a workspace wants a person, to be set up."""

from django.contrib import admin

from sessions_app.admin.configuration import SET_UP, ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.models import HandoffRule


@admin.register(HandoffRule)
class HandoffRuleAdmin(ConfigurationAdmin):
    supervisors_may = SET_UP
    # Handoffs and audit entries name a rule, so it keeps its name.
    fixed_fields = ("workspace", "name")
    list_display = ["name", "workspace", "kind", "keywords", "failures", "confidence", "priority", "enabled"]
    list_filter = ["kind", "enabled", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["name"]
    autocomplete_fields = ["workspace"]
