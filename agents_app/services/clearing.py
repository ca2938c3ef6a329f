"""How a permission request is settled, whoever settles it: the record, the event and the audit entry."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from agents_app.models import PermissionRequest
from sessions_app.actors import Actor
from sessions_app.events.record import record
from sessions_app.events.types import EventType, Visibility
from sessions_app.services.audit import write_audit

Status = PermissionRequest.Status


def clear_request(
    request: PermissionRequest,
    outcome: PermissionRequest.Status,
    *,
    actor: Actor,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> bool:
    """Settle a pending request; the first answer stands. False when it was settled before.

    The caller holds the session's lock and sees to the run and the tool call. `details` go into the audit entry.
    """
    now = timezone.now()
    cleared = PermissionRequest.objects.pending().filter(pk=request.pk)
    if outcome not in (Status.EXPIRED, Status.CANCELLED):
        # Recheck the clock: a request may be over before the sweep has come by.
        cleared = cleared.filter(expires_at__gt=now)
    settled = cleared.update(
        status=outcome,
        decided_at=now,
        decided_by=str(actor),
        decided_by_user=actor.user_id,
        role=actor.role,
        reason=reason,
    )
    if not settled:
        return False
    request.refresh_from_db()
    _tell(request, actor, details or {})
    return True


def _tell(request: PermissionRequest, actor: Actor, details: Mapping[str, Any]) -> None:
    call, run = request.tool_call, request.run
    effective = request.edited_arguments if request.edited_arguments is not None else request.arguments
    write_audit(
        run.session.workspace,
        f"permission.{request.status}",
        actor=actor,
        session=run.session,
        target=request.pk,
        reason=request.reason,
        details={
            "tool": call.tool_name,
            "tool_call_id": call.tool_call_id,
            "policy": request.policy,
            "proposed": call.proposed_arguments,
            "approved": effective if request.status == Status.APPROVED else None,
            "approved_by": list(request.approvals.values_list("actor", flat=True)),
            **details,
        },
    )
    record(
        run.session,
        EventType.PERMISSION_CLEARED,
        {
            "request_id": str(request.pk),
            "kind": request.kind,
            "tool_call_id": call.tool_call_id,
            "outcome": request.status,
            "decided_by": request.decided_by,
            "role": request.role,
            "reason": request.reason,
            "arguments": effective,
        },
        run=run.pk,
        visibility=decisions_visibility(request),
    )


def decisions_visibility(request: PermissionRequest) -> Visibility:
    shown = "decisions" in request.run.agent.shown_to_customers
    return Visibility.CUSTOMER if shown else Visibility.OPERATOR
