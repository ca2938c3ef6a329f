"""Of which workspaces a dashboard tells."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from sessions_app.models import Workspace

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    """`ids` None means all workspaces there are; `chosen` is the one that somebody asked for."""

    ids: tuple[int, ...] | None
    chosen: Workspace | None = None

    def of(self, rows: "QuerySet[Row]", path: str = "workspace") -> "QuerySet[Row]":
        """The rows of these workspaces. `path` is the way from a row to its workspace."""
        return rows if self.ids is None else rows.filter(**{f"{path}__in": self.ids})

    def lookups(self, path: str = "workspace") -> dict[str, int]:
        """For links to lists, which show somebody's own workspaces by themselves."""
        return {} if self.chosen is None else {f"{path}__id__exact": self.chosen.pk}
