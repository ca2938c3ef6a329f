"""How runs ended, and with which errors."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from agents_app.models import Run
from config.admin_site.dashboard.axis import labels
from config.admin_site.dashboard.charts import Chart, Series, bars
from config.admin_site.dashboard.figures import Figure, count, rows_link, share
from config.admin_site.dashboard.ranges import Range
from config.admin_site.dashboard.scope import Scope

OF_RUN = "session__workspace"
TONES = {"completed": "good", "failed": "danger", "cancelled": "soft"}
CODES = 8


@dataclass(frozen=True)
class Ended:
    figures: Sequence[Figure]
    chart: Chart
    codes: Sequence[Figure]


def ended(scope: Scope, during: Range) -> Ended:
    """Runs that came to an end in the range; of errors, the most frequent codes."""
    rows = scope.of(Run.objects.filter(**during.lookups("ended_at")), OF_RUN).order_by()
    values = {status: [0] * len(during.starts) for status in TONES}
    for at, status, number in rows.values_list(during.cut("ended_at"), "status").annotate(number=Count("*")):
        values[status][during.place(at)] += number
    link = {**during.lookups("ended_at"), **scope.lookups(OF_RUN)}
    total, failed = sum(map(sum, values.values())), sum(values["failed"])
    figures = [
        Figure(
            f"Runs {status}",
            count(sum(values[status])),
            rows_link(Run, status__exact=status, **link),
            share(sum(values[status]), total) if total else "",
        )
        for status in TONES
    ]
    codes = rows.filter(status=Run.Status.FAILED).values_list("error_code").annotate(number=Count("*"))
    return Ended(
        figures,
        bars(
            "ended",
            "Runs ended",
            labels(during),
            [Series(status, tone, values[status]) for status, tone in TONES.items()],
        ),
        [
            Figure(
                code or "no code",
                count(number),
                rows_link(Run, status__exact="failed", error_code__exact=code, **link),
                share(number, failed),
            )
            for code, number in codes.order_by("-number", "error_code")[:CODES]
        ],
    )
