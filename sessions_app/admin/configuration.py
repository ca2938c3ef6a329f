"""What people set up by hand here, with an audit entry for each change."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from sessions_app.admin.scoped import WorkspaceScopedAdmin, actor_in
from sessions_app.services.audit import write_audit


class ConfigurationAdmin(WorkspaceScopedAdmin):
    """Rows that may be added, changed and deleted. The admin saves them in one transaction with their audit entry."""

    # Said once, when a row is made: moved to another workspace it would take its past along.
    fixed_fields: Sequence[str] = ("workspace",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fields = [str(field) for field in super().get_readonly_fields(request, obj)]
        return fields if obj is None else [*fields, *self.fixed_fields]

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[Model]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        values = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        self._write(request, obj, "changed" if change else "added", values)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._write(request, obj, "deleted", {"was": str(obj)})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self._write(request, row, "deleted", {"was": str(row)})
        super().delete_queryset(request, queryset)

    def _write(self, request: HttpRequest, row: Model, verb: str, details: dict[str, str]) -> None:
        workspace = self.workspace_of(row)
        action = f"{row._meta.model_name}.{verb}"
        write_audit(workspace, action, actor=actor_in(request, workspace), target=row.pk, details=details)
