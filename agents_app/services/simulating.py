"""What a changed policy would have said of the tool calls that were made. Nothing is written.

Both policies, the one of today and the changed one, rule on the same calls with the arguments that the models proposed,
so that every difference comes from the change. Grants are left out: which of them would have been given under another
policy nobody can know. What a grant would answer counts as asked.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet

from agents_app.models import McpServer, PolicyRule, ToolCall
from agents_app.policy import Asking, Call, Effect, Rule, Ruling, rule_on
from agents_app.services.judging import default_asking, plain_rule, rules_of
from agents_app.tools.catalogue import TOOLS
from sessions_app.models import Session, Workspace

NEWEST = 1_000
# In fewer sessions than these, a workspace whose agents do anything has called that many tools.
SESSIONS = 2_000


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call from the ledger as the policy sees it. `asks` is its tool's own default of today."""

    call: Call
    asks: bool
    id: int = 0
    session: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A call of which the changed policy says something else."""

    past: PastCall
    before: Ruling
    after: Ruling


@dataclass(frozen=True, slots=True)
class Simulation:
    """How often each policy allows, asks and denies, and where they differ: in what they say, or in whom they ask."""

    calls: int
    before: Counter[Effect]
    after: Counter[Effect]
    differences: tuple[Difference, ...]
    asked_otherwise: tuple[Difference, ...]

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        return [(effect.value, self.before[effect], self.after[effect]) for effect in Effect]


def compare(
    calls: Iterable[PastCall], before: Sequence[Rule], after: Sequence[Rule], asking: Asking | None = None
) -> Simulation:
    """Rule on each call under both policies. Pure; `asking` is how people are asked where no rule says."""
    counts: tuple[Counter[Effect], Counter[Effect]] = (Counter(), Counter())
    differences, asked_otherwise = [], []
    for past in calls:
        was = rule_on(past.call, asks=past.asks, rules=before, asking=asking)
        now = rule_on(past.call, asks=past.asks, rules=after, asking=asking)
        counts[0][was.effect] += 1
        counts[1][now.effect] += 1
        if was.effect is not now.effect:
            differences.append(Difference(past, was, now))
        elif now.effect is Effect.ASK and was.asking != now.asking:
            asked_otherwise.append(Difference(past, was, now))
    return Simulation(counts[0].total(), *counts, tuple(differences), tuple(asked_otherwise))


def simulate(workspace: Workspace, *, changed: PolicyRule | None = None, without: int | None = None) -> Simulation:
    """Try a policy on the workspace's newest calls: with `changed` as it is here, unsaved, or `without` a rule's id."""
    rows = list(rules_of(workspace.pk))
    leave_out = without if changed is None else changed.pk
    after = [plain_rule(row) for row in rows if row.pk != leave_out]
    if changed is not None and changed.enabled:
        after.append(replace(plain_rule(changed), name=f"{changed.name} (as changed)"))
    return compare(past_calls(workspace), [plain_rule(row) for row in rows], after, default_asking())


def past_calls(workspace: Workspace) -> list[PastCall]:
    """The workspace's newest tool calls, newest first."""
    asks = {f"{server.prefix}_": server.asks for server in McpServer.objects.filter(workspace=workspace)}
    rows = newest_calls(workspace)
    names = ("id", "tool_name", "proposed_arguments", "run__agent__name", "run__session__name")
    return [
        PastCall(Call(tool, agent, _arguments(given)), _asks(tool, asks), call_id, session)
        for call_id, tool, given, agent, session in rows.values_list(*names)[:NEWEST]
    ]


def newest_calls(workspace: Workspace) -> QuerySet[ToolCall]:
    """The calls of the workspace's sessions in which something happened last, newest first.

    Found by way of these sessions. Along the ledger from its end, a workspace with few calls would read those of all
    others: a sum, which no index has, keeps the database from going there for the order.
    """
    sessions = Session.objects.of(workspace).order_by("-last_event_at")[:SESSIONS]
    return ToolCall.objects.filter(run__session__in=sessions.values("pk")).order_by((F("id") + 0).desc())


def _asks(tool: str, servers: dict[str, bool]) -> bool:
    """What the tool would do without a rule. One that nobody has any more counts as asking."""
    if tool in TOOLS:
        return TOOLS[tool].asks
    return next((asks for prefix, asks in servers.items() if tool.startswith(prefix)), True)


def _arguments(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
