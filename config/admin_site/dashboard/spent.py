"""What agent work took from providers: tokens, and dollars where the price is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum

from agents_app.models import Agent, Spending
from config.admin_site.dashboard.axis import labels
from config.admin_site.dashboard.charts import Chart, Series, bars
from config.admin_site.dashboard.figures import Figure, count, money, rows_link
from config.admin_site.dashboard.ranges import Range
from config.admin_site.dashboard.scope import Scope

ROWS = 6
SUMS = ("input_tokens", "output_tokens", "cost_micro_dollars", "requests")


@dataclass(frozen=True)
class Line:
    name: str
    link: str
    tokens: str
    cost: str


@dataclass(frozen=True)
class Spent:
    figures: Sequence[Figure]
    tokens: Chart
    cost: Chart
    agents: Sequence[Line]


def spent(scope: Scope, during: Range) -> Spent:
    """By piece of the range and by agent, which are few."""
    rows = scope.of(Spending.objects.filter(**during.lookups("at"))).order_by()
    # Under other names than the fields': Django takes a name that is both for the sum.
    sums = {f"all_{name}": Sum(name) for name in SUMS}
    sums["unpriced"] = Sum("requests", filter=Q(cost_micro_dollars=None))
    places = {name: [0] * len(during.starts) for name in SUMS}
    agents: dict[int, list[int]] = {}
    unpriced = 0
    grouped = rows.annotate(piece=during.cut("at")).values_list("piece", "agent").annotate(**sums)
    for at, agent, *amounts, without_price in grouped:
        for column, amount in zip(SUMS, amounts, strict=True):
            places[column][during.place(at)] += int(amount or 0)
        total = agents.setdefault(agent, [0, 0])
        total[0] += int(amounts[0] or 0) + int(amounts[1] or 0)
        total[1] += int(amounts[2] or 0)
        unpriced += int(without_price or 0)
    link = {**during.lookups("at"), **scope.lookups()}
    behind = rows_link(Spending, **link)
    free = f"{count(unpriced)} requests have no known price." if unpriced else ""
    largest = sorted(agents.items(), key=lambda each: (-each[1][0], each[0]))[:ROWS]
    names = Agent.objects.in_bulk([agent for agent, _ in largest])
    return Spent(
        [
            Figure("Cost", money(sum(places["cost_micro_dollars"])), behind, free),
            Figure("Tokens in", count(sum(places["input_tokens"])), behind),
            Figure("Tokens out", count(sum(places["output_tokens"])), behind),
            Figure("Requests to providers", count(sum(places["requests"])), behind),
        ],
        bars(
            "tokens",
            "Tokens",
            labels(during),
            [Series("in", "accent", places["input_tokens"]), Series("out", "agent", places["output_tokens"])],
        ),
        bars("cost", "Cost", labels(during), [Series("cost", "info", places["cost_micro_dollars"])], _dollars),
        [
            Line(names[agent].name, rows_link(Spending, agent__id__exact=agent, **link), count(tokens), money(cost))
            for agent, (tokens, cost) in largest
        ],
    )


def _dollars(micro_dollars: float) -> str:
    return money(int(micro_dollars))
