"""The audit trail, to be looked at."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import F, JSONField, Model, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from sessions_app.admin.filters import ActorKindFilter, AuditAreaFilter, ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.models import AuditEntry
from sessions_app.services.audit_reading import verify_entry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    workspace_path = "chain__workspace"
    list_display = ["at", "who", "role", "action", "target", "session_called", "workspace", "why"]
    list_filter = [AuditAreaFilter, ActorKindFilter, ("chain__workspace", ScopedRelatedFilter)]
    list_select_related = ["chain__workspace"]
    search_fields = ["action__startswith", "actor__startswith", "target__exact", "session__exact"]
    search_help_text = (
        "The beginning of an action (permission.) or of an actor's name, or the whole id of a target or a session."
    )
    date_hierarchy = "at"
    # The private part holds arguments of any size: of it, the database sends a list the words that are shown.
    heavy_fields = ["text", "private"]

    # As people ask: what happened, why, and whether it is true.
    fields = [
        "at",
        "who",
        "actor_kind",
        "role",
        "action",
        "target",
        "session_link",
        "workspace",
        "why",
        "details",
        "chain",
        "seq",
        "prev",
        "hash",
        "proof",
        "text",
        "private",
    ]

    @property
    def session_lookup(self) -> str:
        """Entries name a session by its id, and hang on their chain."""
        return "session__exact"

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields

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

    @admin.display(description="session")
    def session_link(self, entry: AuditEntry) -> str:
        if entry.session is None:
            return "-"
        address = reverse("admin:sessions_app_session_change", args=[entry.session])
        return format_html('<a href="{}">{}</a>', address, self.session_called(entry))

    @admin.display(description="details")
    def details(self, entry: AuditEntry) -> str:
        if entry.erased:
            return "The private part of this entry was forgotten."
        return format_html("<pre>{}</pre>", json.dumps(entry.details, indent=2, sort_keys=True, ensure_ascii=False))

    @admin.display(description="as it was written")
    def proof(self, entry: AuditEntry) -> str:
        """Whether the entry is what was hashed, and stands between its neighbours."""
        broken = verify_entry(entry).broken
        return f"No: {broken}." if broken else "Yes, and so are its neighbours."
