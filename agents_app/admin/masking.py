"""Evidence without what nobody is to read: rows keep what runs, pages show it masked."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from agents_app.admin.showing import as_json
from sessions_app.admin.read_only import ReadOnlyAdmin


class MaskingAdmin(ReadOnlyAdmin):
    """Shows every column; those that hold what agents, tools and customers said without the secrets in it."""

    # Arguments, results and words. A list shows none of them but through a method that masks.
    masked_columns: Sequence[str] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._masked = {name: self._masking(name) for name in self.masked_columns}

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [self._masked.get(name, name) for name in super().get_fields(request, obj)]

    def value_of(self, row: Model, column: str) -> Any:
        """What a masked column shows."""
        return self.workspace_of(row).masked(getattr(row, column))

    def _masking(self, column: str) -> Callable[[Model], str]:
        @admin.display(description=column.replace("_", " "))
        def shown(row: Model) -> str:
            value = self.value_of(row, column)
            if value is None:
                return ""
            return value if isinstance(value, str) else as_json(value)

        # Django makes the ids of columns from their names.
        shown.__name__ = column
        return shown


class FoldedAdmin(MaskingAdmin):
    """For rows with a page that people read: behind it, folded, stands the row itself."""

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [("Every column", {"fields": self.get_fields(request, obj), "classes": ["collapse"]})]
