"""A session goes to a colleague, or back into the queue."""

from django.contrib.auth.models import User
from django.db import transaction

from sessions_app.actors import Actor
from sessions_app.events.encoding import clean_text
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exceptions import NotStaffed, Unprocessable
from sessions_app.models import Handoff, Session
from sessions_app.services.accepting import begin_serving
from sessions_app.services.after_hours import tell_after_hours
from sessions_app.services.audit import write_audit
from sessions_app.services.sessions import hold, move_session
from sessions_app.services.staffing import check_hands_on, check_person, server_of


@transaction.atomic
def transfer_session(session: Session, *, to: str, actor: Actor, reason: str = "") -> Session:
    """Let a colleague serve, who has it at once; "" puts the session back into the queue.

    For whoever serves and for supervisors, who may also give away what still waits. Raises NotYours, NotStaffed,
    SessionClosed, and Unprocessable for a name that is no member of the workspace. To whom it is already changes
    nothing.
    """
    check_person(session, actor)
    hold(session)
    check_hands_on(session, actor)
    reason = clean_text(reason)
    before = server_of(session)
    colleague = _member(session, to) if to else None
    if colleague is not None and session.operator_id == colleague.pk:
        return session
    if colleague is None:
        handoff = _into_queue(session, actor=actor, reason=reason)
    elif session.status == Session.Status.STAFFED and session.operator_id is not None:
        Session.objects.filter(pk=session.pk).update(operator=colleague)
        session.operator = colleague
        handoff = session.handoffs.open().get()
        handoff.operator = colleague
        handoff.save(update_fields=["operator"])
    else:
        handoff = begin_serving(session, colleague.pk, actor=actor, reason=reason)
    write_audit(
        session.workspace,
        "handoff.transferred",
        actor=actor,
        session=session,
        target=handoff.pk,
        reason=reason,
        details={"from": before, "to": to},
    )
    data = {"handoff_id": str(handoff.pk), "from": before, "to": to, "reason": reason}
    record(session, EventType.HANDOFF_TRANSFERRED, data)
    if colleague is None:
        tell_after_hours(session, handoff)
    return session


def _into_queue(session: Session, *, actor: Actor, reason: str) -> Handoff:
    staffed, waiting = Session.Status.STAFFED, Session.Status.WAITING
    if not move_session(session, before=staffed, after=waiting, actor=actor, reason=reason, operator=None):
        raise NotStaffed("This session waits in the queue already.")
    handoff = session.handoffs.open().get()
    handoff.status = Handoff.Status.REQUESTED
    handoff.operator = handoff.accepted_at = None
    handoff.save(update_fields=["status", "operator", "accepted_at"])
    return handoff


def _member(session: Session, name: str) -> User:
    members = User.objects.filter(is_active=True, memberships__workspace=session.workspace_id)
    found = members.filter(username=clean_text(name)).first()
    if found is None:
        raise Unprocessable("This workspace has no member of that name.")
    return found
