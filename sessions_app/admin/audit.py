"""The audit trail, to be looked at."""

from django.contrib import admin
from django.db.models import F, JSONField, Model, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest

from sessions_app.admin.filters import ActorKindFilter, ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    workspace_path = "chain__workspace"
    list_display = ["at", "who", "role", "action", "target", "session_called", "workspace", "why"]
    list_filter = [ActorKindFilter, ("chain__workspace", ScopedRelatedFilter)]
    list_select_related = ["chain__workspace"]
    search_fields = ["action__startswith", "actor__startswith", "target__exact"]
    search_help_text = "The beginning of an action (permission.) or of an actor's name, or a whole target."
    date_hierarchy = "at"
    # The private part holds arguments of any size: of it, the database sends a list the words that are shown.
    heavy_fields = ["text", "private"]

    @property
    def session_lookup(self) -> str:
        """Entries name a session by its id, and hang on their chain."""
        return "session__exact"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        kept = Cast(NullIf(F("private"), Value("")), JSONField())
        words = {f"kept_{name}": KeyTextTransform(name, kept) for name in ("actor", "session", "reason")}
        rows: QuerySet[Model] = super().get_queryset(request).annotate(**words)
        return rows

    @admin.display(description="actor", ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return entry.actor or getattr(entry, "kept_actor", None) or ""

    @admin.display(description="session", ordering="session")
    def session_called(self, entry: AuditEntry) -> str:
        return getattr(entry, "kept_session", None) or str(entry.session or "")

    @admin.display(description="reason")
    def why(self, entry: AuditEntry) -> str:
        return getattr(entry, "kept_reason", None) or ""

    @admin.display(ordering="chain__workspace__name")
    def workspace(self, entry: AuditEntry) -> str:
        return str(entry.chain.workspace or "")
