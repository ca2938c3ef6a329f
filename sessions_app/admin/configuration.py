"""What people set up by hand here, with an audit entry for each change."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from sessions_app.admin.scoped import WorkspaceScopedAdmin, actor_in, supervised_ids
from sessions_app.services.audit import write_audit

# What supervisors may do with what is theirs to set up.
SET_UP = frozenset({"add", "change", "delete"})


class ConfigurationAdmin(WorkspaceScopedAdmin):
    """Rows that may be added, changed and deleted. The admin saves them in one transaction with their audit entry."""

    # What supervisors may do in their own workspaces by their role. For the rest they need a Django permission, and
    # with one they still reach their own workspaces alone.
    supervisors_may: frozenset[str] = frozenset()
    # Said once, when a row is made: moved to another workspace it would take its past along.
    fixed_fields: Sequence[str] = ("workspace",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) or self._supervisor_may("add", request, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) or self._supervisor_may("change", request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) or self._supervisor_may("delete", request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fields = [str(field) for field in super().get_readonly_fields(request, obj)]
        return fields if obj is None else [*fields, *self.fixed_fields]

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[Model]", change: bool) -> None:
        values = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        if change:
            # Before the row: whoever holds the chain's head now may look at this row when they commit, because what
            # they have made points at it, and would wait for us while we wait for them.
            self._write(request, obj, "changed", values)
        super().save_model(request, obj, form, change)
        if not change:
            self._write(request, obj, "added", values)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._write(request, obj, "deleted", {"was": str(obj)})
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # Each entry locks the head of a chain: in one order, whatever the list is sorted by.
        path = "pk" if self.workspace_path == "pk" else f"{self.workspace_path}__pk"
        for row in queryset.order_by(path, "pk"):
            self._write(request, row, "deleted", {"was": str(row)})
        super().delete_queryset(request, queryset)

    def _supervisor_may(self, verb: str, request: HttpRequest, row: Model | None) -> bool:
        mine = supervised_ids(request)
        if not mine or verb not in self.supervisors_may:
            return False
        return row is None or self.workspace_of(row).pk in mine

    def _write(self, request: HttpRequest, row: Model, verb: str, details: dict[str, str]) -> None:
        workspace = self.workspace_of(row)
        action = f"{row._meta.model_name}.{verb}"
        write_audit(workspace, action, actor=actor_in(request, workspace), target=row.pk, details=details)
