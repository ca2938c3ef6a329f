"""Who did what: written by services, in the transaction of the change it reports."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.events.encoding import clean
from sessions_app.models import AuditEntry, Session, Workspace


def write_audit(
    workspace: Workspace,
    action: str,
    *,
    actor: Actor,
    session: Session | None = None,
    target: object = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry. `action` is a noun and a verb: `permission.approved`; `target` the id of what was acted on."""
    return AuditEntry.objects.create(
        workspace=workspace,
        at=timezone.now(),
        actor_kind=actor.kind,
        actor=actor.name,
        role=actor.role,
        action=action,
        session=session.name if session else "",
        target=str(target),
        reason=clean(reason),
        details=clean(details or {}),
    )
