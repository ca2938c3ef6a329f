"""Asking for a person. How the asking goes on is in `accepting`, `transferring` and `returning`."""

from django.db import transaction

from sessions_app.actors import Actor, ActorKind
from sessions_app.events.encoding import clean_text
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyRequested, SessionClosed
from sessions_app.models import Handoff, Session
from sessions_app.services.after_hours import tell_after_hours
from sessions_app.services.audit import write_audit
from sessions_app.services.sessions import hold, move_session

Trigger = Handoff.Trigger
TRIGGERS = {ActorKind.AGENT: Trigger.AGENT, ActorKind.USER: Trigger.OPERATOR}


@transaction.atomic
def request_handoff(
    session: Session,
    *,
    actor: Actor,
    reason: str = "",
    priority: str = Session.Priority.NORMAL,
    trigger: Trigger | None = None,
    since_seq: int | None = None,
) -> Handoff:
    """Ask for a person. From now on the agent answers nothing in this session; the session waits for an operator.

    Without a `trigger` it is whoever asks. What was said after `since_seq`, normally now, the agent will be told when
    it serves again. Outside the workspace's opening hours the customer is told so. Raises AlreadyRequested when the
    session waits or is served already, SessionClosed.
    """
    hold(session)
    reason = clean_text(reason)
    since_seq = session.last_seq if since_seq is None else since_seq
    active, waiting = Session.Status.ACTIVE, Session.Status.WAITING
    if not move_session(session, before=active, after=waiting, actor=actor, reason=reason, priority=priority):
        raise _refusal(session)
    handoff = Handoff.objects.create(
        session=session,
        reason=reason,
        priority=priority,
        trigger=trigger or TRIGGERS.get(actor.kind, Trigger.CUSTOMER),
        requested_by=str(actor),
        since_seq=since_seq,
    )
    write_audit(
        session.workspace,
        "handoff.requested",
        actor=actor,
        session=session,
        target=handoff.pk,
        reason=reason,
        details={"trigger": handoff.trigger, "priority": priority},
    )
    record(
        session,
        EventType.HANDOFF_REQUESTED,
        {
            "handoff_id": str(handoff.pk),
            "requested_by": actor.role or actor.kind,
            "reason": reason,
            "priority": priority,
            "trigger": handoff.trigger,
        },
    )
    tell_after_hours(session, handoff)
    return handoff


def note_speaker(session: Session, actor: Actor) -> None:
    """Remember who speaks while the agent does not serve: it will work on their words. For holders of the lock."""
    handoff = session.handoffs.open().first()
    if handoff is not None and str(actor) not in handoff.speakers:
        handoff.speakers = [*handoff.speakers, str(actor)]
        handoff.save(update_fields=["speakers"])


def _refusal(session: Session) -> Exception:
    if session.status == Session.Status.CLOSED:
        return SessionClosed()
    return AlreadyRequested("A person serves this session." if session.status == Session.Status.STAFFED else "")
