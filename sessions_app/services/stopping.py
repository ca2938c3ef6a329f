"""The agent's work in a session is stopped, and the session goes on."""

from django.db import transaction

from sessions_app.actors import Actor
from sessions_app.exceptions import Conflict, SessionClosed
from sessions_app.models import Session
from sessions_app.services.responder import get_responder
from sessions_app.services.sessions import hold


@transaction.atomic
def stop_work(session: Session, *, actor: Actor) -> None:
    """Cancel whatever is at work, in line or parked; what executes ends within a second or so.

    Each run's end is its own audit entry, in the name of `actor`. Raises Conflict when there is nothing to stop,
    SessionClosed.
    """
    hold(session)
    if session.status == Session.Status.CLOSED:
        raise SessionClosed
    if not get_responder().at_work(session):
        raise Conflict("The agent is not at work in this session.")
    get_responder().stop(session, actor=actor, reason="stopped")
