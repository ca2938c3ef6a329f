"""A workspace's rules, to be set up, and the grants that people gave, to be looked at and taken back."""

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from agents_app.admin.filters import ToolNameFilter
from agents_app.models import Approval, Grant, PolicyRule
from agents_app.services.grants import revoke_grant
from sessions_app.admin.configuration import ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.read_only import ReadOnlyAdmin
from sessions_app.admin.scoped import actor_in
from sessions_app.exceptions import DomainError


@admin.register(PolicyRule)
class PolicyRuleAdmin(ConfigurationAdmin):
    # Audit entries and requests name a rule, so it keeps its name.
    fixed_fields = ("workspace", "name")
    list_display = ["name", "version", "workspace", "priority", "effect", "tool", "agent", "role", "enabled"]
    list_filter = ["effect", "enabled", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace", "agent"]
    search_fields = ["name", "tool"]
    autocomplete_fields = ["workspace", "agent"]
    readonly_fields = ["version", "created_at", "updated_at"]
    heavy_fields = ["message"]

    def _write(self, request: HttpRequest, row: Model, verb: str, details: dict[str, str]) -> None:
        """The entry names the version that the change made, as decisions do."""
        assert isinstance(row, PolicyRule)
        super()._write(request, row, verb, {**details, "rule": str(row)})


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ["tool", "scope", "session", "customer", "created_by", "expires_at", "revoked_at", "uses"]
    list_filter = [
        "scope",
        ToolNameFilter,
        ("revoked_at", admin.EmptyFieldListFilter),
        ("workspace", ScopedRelatedFilter),
    ]
    list_select_related = ["session"]
    search_fields = ["session__name", "customer", "created_by"]
    date_hierarchy = "created_at"
    heavy_fields = ["reason"]
    actions = ["revoke"]

    @admin.action(description="Revoke: such calls ask again from now on", permissions=["view"])
    def revoke(self, request: HttpRequest, selected: QuerySet[Grant]) -> None:
        for grant in selected.select_related("workspace", "session"):
            try:
                revoke_grant(grant, actor=actor_in(request, grant.workspace))
            except DomainError as error:
                self.message_user(request, f"{grant}: {error.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{grant} is revoked.", messages.SUCCESS)


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    workspace_path = "request__run__session__workspace"
    list_display = ["at", "actor", "role", "tool", "session", "reason"]
    list_filter = [("request__run__session__workspace", ScopedRelatedFilter)]
    list_select_related = ["request__tool_call", "request__run__session"]
    search_fields = ["actor", "request__run__session__name"]
    date_hierarchy = "at"
    ordering = ["-at", "-id"]

    @admin.display(ordering="request__tool_call__tool_name")
    def tool(self, approval: Approval) -> str:
        return approval.request.tool_call.tool_name

    @admin.display(ordering="request__run__session__name")
    def session(self, approval: Approval) -> str:
        return approval.request.run.session.name
