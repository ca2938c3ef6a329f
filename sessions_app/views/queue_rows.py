"""The sessions of the queue page, in the groups and the order in which operators look at them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from sessions_app.models import Session
from sessions_app.streaming.feed import MAX_OPEN
from sessions_app.views.membership import Viewer

MAX_CLOSED = 100
VIEWS = ("open", "waiting", "mine", "closed")
Row = dict[str, Any]


def groups(viewer: Viewer, view: str) -> list[dict[str, Any]]:
    """Waiting, mine, others and closed, each with its rows and whether `view` shows it. Two queries, or three."""
    rows = Session.objects.of(viewer.workspace).select_related("operator")
    waiting = [row_of(session, viewer) for session in rows.waiting()[:MAX_OPEN]]
    served = rows.open().exclude(status=Session.Status.WAITING).order_by("-last_event_at")[:MAX_OPEN]
    others = [row_of(session, viewer) for session in served]
    # Many, and seldom looked at: read for their own view alone.
    ended = rows.filter(status=Session.Status.CLOSED).order_by("-last_event_at") if view == "closed" else rows.none()
    closed = [row_of(session, viewer) for session in ended[:MAX_CLOSED]]
    return [
        _group("waiting", waiting, shown=view in ("open", "waiting")),
        _group("mine", (row for row in others if row["mine"]), shown=view in ("open", "mine")),
        _group("others", (row for row in others if not row["mine"]), shown=view == "open"),
        _group("closed", closed, shown=view == "closed"),
    ]


def counts(viewer: Viewer) -> dict[str, int]:
    """How many sessions each view has."""
    mine = Q(operator=viewer.user)
    return Session.objects.of(viewer.workspace).aggregate(
        open=Count("pk", filter=~Q(status=Session.Status.CLOSED)),
        waiting=Count("pk", filter=Q(status=Session.Status.WAITING)),
        mine=Count("pk", filter=mine),
        closed=Count("pk", filter=Q(status=Session.Status.CLOSED)),
    )


def row_of(session: Session, viewer: Viewer) -> Row:
    """What a row shows of a session."""
    operator = session.operator.get_username() if session.operator else ""
    since = session.waiting_since
    return {
        "name": session.name,
        "customer": session.customer,
        "status": session.status,
        "priority": session.priority,
        "agent": session.agent,
        "operator": operator,
        "mine": operator == viewer.user.get_username(),
        "language": session.language,
        "last_message": session.last_message,
        "last_event_at": session.last_event_at,
        "last_seq": session.last_seq,
        "waiting_since": since,
        "title": session.customer or session.name,
        "server": operator or session.agent,
        "moment": since or session.last_event_at,
        "query": viewer.query,
    }


def _group(key: str, rows: Iterable[Row], *, shown: bool) -> dict[str, Any]:
    return {"key": key, "rows": list(rows), "shown": shown}
