"""What is true of a session beside its log, as an export tells it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from sessions_app.models import Handoff, Session


@dataclass(frozen=True, slots=True)
class Facts:
    """Read once, before the log: an export begins with them. `session` and `handoffs` are plain values for JSON."""

    session_id: UUID
    name: str
    exported_at: str
    exported_by: str
    session: dict[str, Any]
    handoffs: list[dict[str, Any]]


def read_facts(session: Session, *, by: str) -> Facts:
    """Secrets in it are masked, as the log's are."""
    masked = session.workspace.masked
    return Facts(
        session_id=session.pk,
        name=session.name,
        exported_at=timezone.now().isoformat(),
        exported_by=by,
        session={
            "id": str(session.pk),
            "name": session.name,
            "workspace": session.workspace.name,
            "status": session.status,
            "priority": session.priority,
            "agent": session.agent,
            "operator": session.operator.get_username() if session.operator else "",
            "customer": session.customer,
            "language": session.language,
            "metadata": masked(session.metadata),
            "created_at": session.created_at.isoformat(),
            "last_event_at": session.last_event_at.isoformat(),
            "last_seq": session.last_seq,
            "pruned_seq": session.pruned_seq,
        },
        handoffs=[
            masked(_handoff(one)) for one in session.handoffs.select_related("operator").order_by("requested_at")
        ],
    )


def _handoff(handoff: Handoff) -> dict[str, Any]:
    return {
        "id": str(handoff.pk),
        "status": handoff.status,
        "trigger": handoff.trigger,
        "priority": handoff.priority,
        "reason": handoff.reason,
        "requested_by": handoff.requested_by,
        "requested_at": handoff.requested_at.isoformat(),
        "operator": handoff.operator.get_username() if handoff.operator else "",
        "accepted_at": handoff.accepted_at.isoformat() if handoff.accepted_at else None,
        "ended_at": handoff.ended_at.isoformat() if handoff.ended_at else None,
        "summary": handoff.summary,
    }
