"""What people said to agents' requests, and how soon: by tool, by agent and by who decided."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agents_app.models import PermissionRequest
from config.admin_site.dashboard.axis import labels
from config.admin_site.dashboard.charts import Chart, Series, lines
from config.admin_site.dashboard.figures import Figure, count, duration, rows_link, share
from config.admin_site.dashboard.percentiles import percentile
from config.admin_site.dashboard.ranges import Range
from config.admin_site.dashboard.scope import Scope

OF_REQUEST = "run__session__workspace"
Status = PermissionRequest.Status
DECIDED = (Status.APPROVED, Status.DENIED)
# Percentiles are worked out here, of this many of the newest.
SAMPLE = 2000
ROWS = 6


@dataclass(frozen=True)
class Decision:
    tool: str
    agent_id: int
    agent: str
    by: str
    status: str
    at: datetime
    seconds: float


# What a decision is counted under: a name, and what the list of such decisions is asked for.
Key = Callable[[Decision], tuple[str, object]]


@dataclass(frozen=True)
class Line:
    """One row of a table: a tool's, an agent's or a person's decisions."""

    name: str
    link: str
    decided: str
    approved: str
    p50: str
    p90: str


@dataclass(frozen=True)
class Decisions:
    """`sampled` is how many settled requests it speaks of when there were more, else 0."""

    sampled: int
    figures: Sequence[Figure]
    chart: Chart
    tables: Mapping[str, Sequence[Line]]


def decisions(scope: Scope, during: Range) -> Decisions:
    """One query: also those that nobody answered in time, which no person decided."""
    settled = (
        scope.of(PermissionRequest.objects.filter(**during.lookups("decided_at")), OF_REQUEST)
        .filter(status__in=[*DECIDED, Status.EXPIRED])
        .order_by("-decided_at", "-pk")
        .values_list(
            "tool_call__tool_name",
            "run__agent",
            "run__agent__name",
            "decided_by",
            "status",
            "decided_at",
            "requested_at",
        )
    )
    newest = [
        Decision(tool, agent_id, agent, by, status, at, (at - asked).total_seconds())
        for tool, agent_id, agent, by, status, at, asked in settled[: SAMPLE + 1]
        if at
    ]
    sampled = SAMPLE if len(newest) > SAMPLE else 0
    newest = newest[:SAMPLE]
    found = [each for each in newest if each.status in DECIDED]
    expired = len(newest) - len(found)
    # What lies before the oldest of them was not counted, so links do not lead there.
    since = {"decided_at__gte": newest[-1].at} if sampled else {}
    link = {**during.lookups("decided_at"), **since, **scope.lookups(OF_REQUEST)}
    of_people = {"status__in": ",".join(DECIDED), **link}
    return Decisions(
        sampled,
        [
            Figure("Decisions", count(len(found)), rows_link(PermissionRequest, **of_people)),
            Figure(
                "Approved",
                share(_approved(found), len(found)),
                rows_link(PermissionRequest, status__exact="approved", **link),
            ),
            Figure("Half decided within", duration(percentile([each.seconds for each in found], 50))),
            Figure("Nine of ten decided within", duration(percentile([each.seconds for each in found], 90))),
            Figure(
                "Nobody answered",
                count(expired),
                rows_link(PermissionRequest, status__exact="expired", **link),
                tone="warn" if expired else "",
            ),
        ],
        _chart(during, found),
        {
            "Tool": _table(found, "tool_call__tool_name", lambda each: (each.tool, each.tool), of_people),
            "Agent": _table(found, "run__agent__id__exact", lambda each: (each.agent, each.agent_id), of_people),
            "Decided by": _table(
                found, "decided_by", lambda each: (each.by.partition(":")[2] or each.by, each.by), of_people
            ),
        },
    )


def _chart(during: Range, found: Iterable[Decision]) -> Chart:
    pieces: list[list[float]] = [[] for _ in during.starts]
    for each in found:
        pieces[during.place(each.at)].append(each.seconds)
    series = [
        Series("half", "accent", [percentile(piece, 50) for piece in pieces]),
        Series("nine of ten", "warn", [percentile(piece, 90) for piece in pieces]),
    ]
    return lines("decided", "Time to a decision", labels(during), series, duration)


def _table(found: Iterable[Decision], lookup: str, key: Key, of_people: Mapping[str, object]) -> list[Line]:
    """The most asked for first. `lookup` is by what the list of a group is asked for."""
    groups: dict[tuple[str, object], list[Decision]] = defaultdict(list)
    for each in found:
        groups[key(each)].append(each)
    largest = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0][0]))[:ROWS]
    return [
        _line(name, rows_link(PermissionRequest, **of_people, **{lookup: value}), each)
        for (name, value), each in largest
    ]


def _approved(found: Iterable[Decision]) -> int:
    return sum(each.status == Status.APPROVED for each in found)


def _line(name: str, link: str, found: Sequence[Decision]) -> Line:
    seconds = [each.seconds for each in found]
    return Line(
        name,
        link,
        count(len(found)),
        share(_approved(found), len(found)),
        duration(percentile(seconds, 50)),
        duration(percentile(seconds, 90)),
    )
