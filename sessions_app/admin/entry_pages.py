"""What of a session has a page of its own in the admin, by kind. The apps that have such pages say so here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`key` is the entry's key that holds the row's id, `url` the name of the page's address."""

    key: str
    url: str
    label: str

    def address(self, id: str) -> str:
        return reverse(self.url, args=[id])


ENTRY_PAGES: dict[str, EntryPage] = {}
# Stands for the id in the addresses that the page's module fills in.
ANY_ID = "00000000-0000-0000-0000-000000000000"


def way_on(entry: Mapping[str, Any]) -> dict[str, str] | None:
    """Label and address of an entry's own page; None when it has none."""
    page = ENTRY_PAGES.get(entry["kind"])
    id = entry.get(page.key) if page else None
    return {"label": page.label, "address": page.address(id)} if page and id else None


def ways() -> dict[str, dict[str, str]]:
    """The same for entries that come while a page is open."""
    return {
        kind: {"key": page.key, "label": page.label, "address": page.address(ANY_ID), "id": ANY_ID}
        for kind, page in ENTRY_PAGES.items()
    }
