"""What a customer is told about the decisions made in their session when they ask for their data."""

from typing import Any

from agents_app.models import PermissionRequest
from sessions_app.models import Session


def decisions_for_customer(session: Session) -> list[dict[str, Any]]:
    """Each request, what it was about and how it ended, oldest first.

    Without who decided and why, which is written by people for people on this side; arguments only where the agent's
    settings show decisions to customers.
    """
    rows = PermissionRequest.objects.filter(run__session=session).order_by("requested_at", "id")
    return [_told(asked) for asked in rows.select_related("run__agent", "run__session__workspace", "tool_call")]


def _told(asked: PermissionRequest) -> dict[str, Any]:
    shown = "decisions" in asked.run.agent.shown_to_customers
    effective = asked.edited_arguments if asked.edited_arguments is not None else asked.arguments
    return {
        "tool": asked.tool_call.tool_name,
        "outcome": asked.status,
        "requested_at": asked.requested_at.isoformat(),
        "decided_at": asked.decided_at.isoformat() if asked.decided_at else None,
        **({"arguments": asked.masked(effective)} if shown else {}),
    }
