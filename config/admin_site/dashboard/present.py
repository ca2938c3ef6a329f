"""How things stand at this moment: open sessions, and runs that are not over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from agents_app.models import Run
from config.admin_site.dashboard.figures import Figure, count, rows_link
from config.admin_site.dashboard.scope import Scope
from sessions_app.models import Session

OF_RUN = "session__workspace"
LIVE = (Session.Status.ACTIVE, Session.Status.STAFFED)


@dataclass(frozen=True)
class Present:
    sessions: Sequence[Figure]
    runs: Sequence[Figure]


def present(scope: Scope, now: datetime) -> Present:
    """Sessions that are served or wait, and runs at work, parked, in line and without a worker."""
    rows = scope.of(Session.objects.filter(status__in=[*LIVE, Session.Status.WAITING]))
    sessions = dict(rows.order_by().values_list("status").annotate(number=Count("*")))
    unfinished = scope.of(Run.objects.unfinished(), OF_RUN)
    runs = dict(unfinished.order_by().values_list("status").annotate(number=Count("*")))
    stalled = scope.of(Run.objects.overdue(now), OF_RUN).count()
    waiting, in_line = sessions.get("waiting", 0), sum(runs.get(status, 0) for status in Run.CLAIMABLE)
    mine, of_run = scope.lookups(), scope.lookups(OF_RUN)
    return Present(
        sessions=(
            Figure(
                "Live sessions",
                count(sum(sessions.get(status, 0) for status in LIVE)),
                rows_link(Session, status__in=",".join(LIVE), **mine),
                f"{count(sessions.get('staffed', 0))} with a person",
            ),
            Figure(
                "Waiting for a person",
                count(waiting),
                rows_link(Session, status="waiting", **mine),
                tone="warn" if waiting else "",
            ),
        ),
        runs=(
            Figure(
                "Running",
                count(runs.get("running", 0)),
                rows_link(Run, status__exact="running", **of_run),
                f"{count(in_line)} in line",
            ),
            Figure("Parked", count(runs.get("waiting", 0)), rows_link(Run, status__exact="waiting", **of_run)),
            Figure(
                "Stalled",
                count(stalled),
                rows_link(Run, status__exact="running", lease_until__lt=now, **of_run),
                "Their worker is silent." if stalled else "",
                "danger" if stalled else "",
            ),
        ),
    )
