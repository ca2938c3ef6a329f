"""An operator takes a session: one that waits, or one that the agent serves."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyTaken, SessionClosed
from sessions_app.models import Handoff, Session
from sessions_app.services.audit import write_audit
from sessions_app.services.responder import get_responder
from sessions_app.services.sessions import hold, move_session
from sessions_app.services.staffing import check_person, is_served, server_of


@transaction.atomic
def accept_session(session: Session, *, actor: Actor) -> Session:
    """Serve the session from now on. Whatever the agent was doing in it is over, and it can write nothing more.

    The first of several operators gets it; the others get AlreadyTaken, which names the first. Whoever has it and
    asks again has it. Raises SessionClosed, and Forbidden for everybody but the people of the workspace.
    """
    check_person(session, actor)
    hold(session)
    if session.status == Session.Status.CLOSED:
        raise SessionClosed
    if session.operator_id is not None and session.operator_id == actor.user_id:
        return session
    # Nobody serves a session whose operator is gone: the next one may have it.
    if is_served(session):
        raise AlreadyTaken(f"{server_of(session)} serves this session.")
    previous = session.status
    handoff = begin_serving(session, actor.user_id, actor=actor)
    write_audit(
        session.workspace,
        "handoff.accepted",
        actor=actor,
        session=session,
        target=handoff.pk,
        details={"previous": previous, "epoch": session.epoch},
    )
    record(session, EventType.HANDOFF_ACCEPTED, {"handoff_id": str(handoff.pk), "operator": actor.name})
    return session


def begin_serving(session: Session, user_id: int | None, *, actor: Actor, reason: str = "") -> Handoff:
    """Give a session that nobody serves to a person. The caller holds the session's lock and tells of it."""
    handoff = session.handoffs.open().first() or Handoff(
        session=session,
        trigger=Handoff.Trigger.OPERATOR,
        requested_by=str(actor),
        since_seq=session.last_seq,
    )
    moved = move_session(
        session,
        before=session.status,
        after=Session.Status.STAFFED,
        actor=actor,
        reason=reason,
        operator=user_id,
    )
    if not moved:
        raise AlreadyTaken
    end_agents_work(session, actor=actor, reason="taken_over")
    handoff.status = Handoff.Status.ACCEPTED
    handoff.operator_id = user_id
    handoff.accepted_at = timezone.now()
    handoff.save()
    return handoff


def end_agents_work(session: Session, *, actor: Actor, reason: str) -> None:
    """Whatever the agent has begun is over, and it can write nothing more. The caller holds the session's lock.

    The epoch rises first: so what is ended is fenced off already, whatever its worker does.
    """
    Session.objects.filter(pk=session.pk).update(epoch=F("epoch") + 1)
    session.refresh_from_db(fields=["epoch"])
    get_responder().stop(session, actor=actor, reason=reason)
