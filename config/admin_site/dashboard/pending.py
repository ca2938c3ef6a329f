"""Permission requests that nobody has answered, by how long they wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Count, Q

from agents_app.models import PermissionRequest
from config.admin_site.dashboard.figures import Figure, count, rows_link
from config.admin_site.dashboard.scope import Scope

OF_REQUEST = "run__session__workspace"
# Minutes.
AGES = (1, 5, 15, 60)


@dataclass(frozen=True)
class Pending:
    total: Figure
    ages: Sequence[Figure]


def pending(scope: Scope, now: datetime) -> Pending:
    cuts = [now - timedelta(minutes=minutes) for minutes in AGES]
    labels = [f"under {AGES[0]} min", *(f"{a} to {b} min" for a, b in pairwise(AGES))]
    lookups: list[dict[str, datetime]] = [{"requested_at__gte": cuts[0]}]
    lookups += [{"requested_at__gte": older, "requested_at__lt": newer} for newer, older in pairwise(cuts)]
    lookups.append({"requested_at__lt": cuts[-1]})
    rows = scope.of(PermissionRequest.objects.pending(), OF_REQUEST)
    counts = rows.aggregate(**{f"age_{place}": Count("pk", filter=Q(**each)) for place, each in enumerate(lookups)})
    mine = scope.lookups(OF_REQUEST)
    ages = [
        Figure(
            label,
            count(counts[f"age_{place}"]),
            rows_link(PermissionRequest, status__exact="pending", **lookups[place], **mine),
            tone="warn" if counts[f"age_{place}"] and place > 1 else "",
        )
        for place, label in enumerate([*labels, "over an hour"])
    ]
    total = sum(counts.values())
    link = rows_link(PermissionRequest, status__exact="pending", **mine)
    return Pending(Figure("Pending requests", count(total), link, tone="warn" if total else ""), ages)
