"""Pages of lists over tables of any size."""

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

if TYPE_CHECKING:
    RowPaginator = Paginator[Model]
else:
    RowPaginator = Paginator


class BoundedPaginator(RowPaginator):
    """Counts to `BOUND` and no further, and pages no further: filters, dates and a search lead to what lies behind.

    Counting a million rows takes longer than reading the page they are counted for.
    """

    BOUND = 1_000

    @cached_property
    def count(self) -> int:
        return min(self._found, self.BOUND)

    @property
    def more(self) -> bool:
        """Whether there are rows that no page shows."""
        return self._found > self.BOUND

    @cached_property
    def _found(self) -> int:
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        return rows.order_by()[: self.BOUND + 1].count()
