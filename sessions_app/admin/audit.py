"""The audit trail, to be looked at."""

from django.contrib import admin

from sessions_app.admin.filters import ActorKindFilter, ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "role", "action", "target", "session", "workspace", "reason"]
    list_filter = [ActorKindFilter, ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["action__startswith", "actor__startswith", "session__exact", "target__exact"]
    search_help_text = "The beginning of an action (permission.) or of an actor's name, or a whole session or target."
    date_hierarchy = "at"
    heavy_fields = ["details"]
