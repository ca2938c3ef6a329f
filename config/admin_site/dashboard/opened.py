"""How many sessions were opened, and when."""

from dataclasses import dataclass

from django.db.models import Count

from config.admin_site.dashboard.axis import labels
from config.admin_site.dashboard.charts import Chart, Series, bars
from config.admin_site.dashboard.figures import Figure, count, rows_link
from config.admin_site.dashboard.ranges import Range
from config.admin_site.dashboard.scope import Scope
from sessions_app.models import Session


@dataclass(frozen=True)
class Opened:
    total: Figure
    chart: Chart


def opened(scope: Scope, during: Range) -> Opened:
    rows = scope.of(Session.objects.filter(**during.lookups("created_at"))).order_by()
    values = [0] * len(during.starts)
    for at, number in rows.values_list(during.cut("created_at")).annotate(number=Count("*")):
        values[during.place(at)] += number
    link = rows_link(Session, **during.lookups("created_at"), **scope.lookups())
    return Opened(
        Figure("Sessions opened", count(sum(values)), link),
        bars("opened", "Sessions opened", labels(during), [Series("sessions", "accent", values)]),
    )
