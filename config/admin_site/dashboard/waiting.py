"""How long customers waited for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.admin_site.dashboard.axis import labels
from config.admin_site.dashboard.charts import Chart, Series, lines
from config.admin_site.dashboard.figures import Figure, count, duration, rows_link, share
from config.admin_site.dashboard.percentiles import percentile
from config.admin_site.dashboard.ranges import Range
from config.admin_site.dashboard.scope import Scope
from sessions_app.models import Handoff

OF_HANDOFF = "session__workspace"
SAMPLE = 2000


@dataclass(frozen=True)
class Waiting:
    """`sampled` is how many handoffs it speaks of when there were more, else 0."""

    sampled: int
    figures: Sequence[Figure]
    chart: Chart


def waiting(scope: Scope, during: Range) -> Waiting:
    rows = scope.of(Handoff.objects.all(), OF_HANDOFF)
    accepted = (
        rows.filter(**during.lookups("accepted_at"))
        .order_by("-accepted_at", "-pk")
        .values_list("accepted_at", "requested_at", "session__workspace__sla_breach_seconds")
    )
    found = [(at, (at - asked).total_seconds(), limit) for at, asked, limit in accepted[: SAMPLE + 1] if at]
    sampled = SAMPLE if len(found) > SAMPLE else 0
    found = found[:SAMPLE]
    since = {"accepted_at__gte": found[-1][0]} if sampled else {}
    seconds = [waited for _, waited, _ in found]
    alone = rows.filter(accepted_at__isnull=True, **during.lookups("ended_at")).count()
    pieces: list[list[float]] = [[] for _ in during.starts]
    for at, waited, _ in found:
        pieces[during.place(at)].append(waited)
    series = [
        Series("half", "accent", [percentile(piece, 50) for piece in pieces]),
        Series("nine of ten", "warn", [percentile(piece, 90) for piece in pieces]),
    ]
    mine = scope.lookups(OF_HANDOFF)
    return Waiting(
        sampled,
        [
            Figure(
                "Taken over",
                count(len(found)),
                rows_link(Handoff, **{**during.lookups("accepted_at"), **since, **mine}),
            ),
            Figure("In time", share(sum(waited <= limit for _, waited, limit in found), len(found))),
            Figure("Half within", duration(percentile(seconds, 50))),
            Figure("Nine of ten within", duration(percentile(seconds, 90))),
            Figure(
                "Nobody came",
                count(alone),
                rows_link(Handoff, accepted_at__isnull=True, **during.lookups("ended_at"), **mine),
                tone="warn" if alone else "",
            ),
        ],
        lines("waited", "Waiting time for a person", labels(during), series, duration),
    )
