"""Standing permissions: what needs no asking, since when, until when, and how often it was used."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from agents_app.admin.filters import GrantStateFilter, MakerFilter, ToolNameFilter
from agents_app.admin.granting import GrantingAdmin
from agents_app.admin.showing import link, short, span
from agents_app.admin.wordings import spelled
from agents_app.models import Grant
from agents_app.services.grants import revoke_grant
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.scoped import actor_in
from sessions_app.exceptions import DomainError


@admin.register(Grant)
class GrantAdmin(GrantingAdmin):
    list_display = [
        "tool",
        "state",
        "allows",
        "scope",
        "reaches",
        "created_by",
        "role",
        "uses",
        "last_used_at",
        "created_at",
        "expires_at",
    ]
    list_filter = [GrantStateFilter, "scope", ToolNameFilter, MakerFilter, ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace", "session"]
    search_fields = ["session__name", "customer", "created_by", "tool"]
    date_hierarchy = "created_at"
    heavy_fields = ["reason"]
    actions = ["revoke"]

    @admin.display(ordering="expires_at")
    def state(self, grant: Grant) -> str:
        if grant.revoked_at is not None:
            return f"revoked by {grant.revoked_by}"
        left = grant.expires_at - timezone.now()
        return f"live, {span(left)} left" if left.total_seconds() > 0 else "over"

    @admin.display
    def allows(self, grant: Grant) -> str:
        return short(spelled(grant.shown_conditions()) or "no arguments")

    @admin.display
    def reaches(self, grant: Grant) -> str:
        if grant.session is not None:
            return link(grant.session)
        return grant.customer or "every session"

    @admin.action(description="Revoke: such calls ask again from now on", permissions=["view"])
    def revoke(self, request: HttpRequest, selected: QuerySet[Grant]) -> None:
        for grant in selected.select_related("workspace", "session"):
            try:
                revoke_grant(grant, actor=actor_in(request, grant.workspace))
            except DomainError as error:
                self.message_user(request, f"{grant}: {error.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{grant} is revoked.", messages.SUCCESS)
