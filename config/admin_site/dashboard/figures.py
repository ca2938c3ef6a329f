"""Numbers of the dashboard, and where the rows behind them are listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse


@dataclass(frozen=True)
class Figure:
    """One number. `link` leads to the rows it counts; `tone` says how to look at it."""

    label: str
    value: str
    link: str = ""
    note: str = ""
    tone: str = ""


def rows_link(model: type[Model], **lookups: object) -> str:
    """The address of a model's list, narrowed."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(_plain(lookups))}" if lookups else address


def _plain(lookups: Mapping[str, object]) -> dict[str, str]:
    return {name: at.isoformat() if isinstance(at, datetime) else str(at) for name, at in lookups.items()}


def count(number: int) -> str:
    return f"{number:,}"


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "—"


def duration(seconds: float | None) -> str:
    """Short enough for a table: 40 ms, 0.4 s, 12 s, 3.5 min, 2.1 h."""
    if seconds is None:
        return "—"
    if 0 < seconds < 0.1:
        return f"{1000 * seconds:.0f} ms"
    for limit, length, unit in ((90, 1, "s"), (90 * 60, 60, "min"), (36 * 3600, 3600, "h")):
        if seconds < limit:
            value = seconds / length
            return f"{value:.0f} {unit}" if value >= 10 or value == int(value) else f"{value:.1f} {unit}"
    return f"{seconds / 86400:.1f} d"


def money(micro_dollars: int) -> str:
    dollars = micro_dollars / 1_000_000
    return f"${dollars:,.2f}" if dollars >= 0.01 or not dollars else f"${dollars:.4f}"
