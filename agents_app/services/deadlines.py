"""What the clock does to a permission request before it gives up: a warning, and a second chance with supervisors."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agents_app.models import PermissionRequest
from agents_app.policy import OnTimeout, Role
from sessions_app.actors import SYSTEM
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType, Visibility
from sessions_app.services.audit import write_audit

# The part of the time after which operators are reminded.
WARN_AFTER = 0.8


def deadline(seconds: int) -> dict[str, datetime]:
    """When a request that is put to people now is warned of, and when it is over."""
    now = timezone.now()
    return {
        "warn_at": now + timedelta(seconds=seconds * WARN_AFTER),
        "expires_at": now + timedelta(seconds=seconds),
    }


@transaction.atomic
def warn(request: PermissionRequest) -> bool:
    """Say once that the time is nearly over. False when somebody else has, or when it has been answered."""
    lock(request.run.session)
    unwarned = PermissionRequest.objects.pending().filter(pk=request.pk, warned_at__isnull=True)
    if not unwarned.filter(expires_at=request.expires_at).update(warned_at=timezone.now()):
        return False
    _notice(request, "permission_expiring", "Nobody has answered yet, and the time is nearly over.")
    return True


def escalates(request: PermissionRequest) -> bool:
    return request.on_timeout == OnTimeout.ESCALATE and request.escalated_at is None


def escalate(request: PermissionRequest) -> None:
    """Put a request that is over to supervisors, with as much time again. Approvals given so far stand.

    The caller holds the session's lock and knows that the request is still open.
    """
    now = timezone.now()
    request.required_role = Role.SUPERVISOR
    request.escalated_at = now
    request.warned_at = None
    again = deadline(request.timeout_seconds)
    request.warn_at, request.expires_at = again["warn_at"], again["expires_at"]
    request.save(update_fields=["required_role", "escalated_at", "warned_at", "warn_at", "expires_at"])
    session = request.run.session
    details = {"tool": request.tool_call.tool_name, "policy": request.policy}
    write_audit(
        session.workspace, "permission.escalated", actor=SYSTEM, session=session, target=request.pk, details=details
    )
    _notice(request, "permission_escalated", "Nobody answered in time: a supervisor has to.")


def _notice(request: PermissionRequest, code: str, detail: str) -> None:
    data = {
        "code": code,
        "detail": detail,
        "request_id": str(request.pk),
        "required_role": request.required_role,
        "expires_at": request.expires_at.isoformat(),
    }
    record(request.run.session, EventType.NOTICE, data, run=request.run_id, visibility=Visibility.OPERATOR)
