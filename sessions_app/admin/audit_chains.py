"""The chains of the audit history: to be verified, and to be taken along."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sessions_app.actors import Actor, ActorKind
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.admin.scoped import actor_in
from sessions_app.models import AuditChain
from sessions_app.services.audit_export import export_chain
from sessions_app.services.audit_reading import verify_chain

# What a request may take; for more there are `manage.py verify_audit` and `export_audit`.
VERIFIED = 10_000
EXPORTED = 20_000
CHAINS_AT_ONCE = 20


@admin.register(AuditChain)
class AuditChainAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "seq", "hash"]
    list_filter = [("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["workspace__name"]
    search_help_text = "A part of a workspace's name."
    ordering = ["workspace__name"]
    actions = ["verify", "export"]

    @admin.action(description=f"Verify the newest {VERIFIED:,} entries", permissions=["view"])
    def verify(self, request: HttpRequest, chains: QuerySet[AuditChain]) -> None:
        if chains.count() > CHAINS_AT_ONCE:
            self.message_user(request, f"Of these the first {CHAINS_AT_ONCE} are verified.", messages.WARNING)
        for chain in chains.select_related("workspace")[:CHAINS_AT_ONCE]:
            report = verify_chain(chain, newest=VERIFIED)
            if report.broken is not None:
                self.message_user(request, f"{chain}: BROKEN, {report.broken}.", messages.ERROR)
                continue
            found = f"{report.entries:,} entries up to entry {report.last.seq:,} are as they were written"
            self.message_user(request, f"{chain}: {found}.", messages.SUCCESS)

    @admin.action(description=f"Export the newest {EXPORTED:,} entries, signed", permissions=["view"])
    def export(self, request: HttpRequest, chains: QuerySet[AuditChain]) -> HttpResponse | None:
        if len(chains) != 1:
            self.message_user(request, "Export one chain at a time: each is a file of its own.", messages.WARNING)
            return None
        chain = chains[0]
        answer = HttpResponse(
            "".join(export_chain(chain, actor=_actor(request, chain), newest=EXPORTED)),
            content_type="application/jsonl; charset=utf-8",
        )
        name = f"audit-{chain.workspace.name if chain.workspace else 'installation'}"
        answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y%m%d-%H%M%S}.jsonl"'
        return answer


def _actor(request: HttpRequest, chain: AuditChain) -> Actor:
    if chain.workspace is not None:
        return actor_in(request, chain.workspace)
    user = cast(User, request.user)
    return Actor(ActorKind.USER, user.get_username(), role="superuser", user_id=user.pk)
