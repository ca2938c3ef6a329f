"""Getting a person."""

from django.db import transaction

from sessions_app.actors import Actor
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exceptions import Conflict
from sessions_app.models import Handoff, Session
from sessions_app.services.audit import write_audit
from sessions_app.services.sessions import move_session


@transaction.atomic
def request_handoff(session: Session, *, actor: Actor, reason: str = "") -> Handoff:
    """Ask for a person. From now on the agent answers nothing in this session; the session waits for an operator.

    Raises Conflict when the session is not being served by an agent.
    """
    waiting = move_session(
        session, before=Session.Status.ACTIVE, after=Session.Status.WAITING, actor=actor, reason=reason
    )
    if not waiting:
        raise Conflict("A person has already been asked for, or the session is closed.")
    handoff = Handoff.objects.create(session=session, reason=reason, requested_by=str(actor))
    write_audit(session.workspace, "handoff.requested", actor=actor, session=session, target=handoff.pk, reason=reason)
    record(
        session,
        EventType.HANDOFF_REQUESTED,
        {"handoff_id": str(handoff.pk), "requested_by": actor.role or actor.kind, "reason": reason},
    )
    return handoff
