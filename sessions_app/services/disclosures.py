"""Who has read a transcript, or has taken one along: told to the audit history."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.events.record import lock
from sessions_app.models import Session
from sessions_app.services.allowances import take
from sessions_app.services.audit import write_audit

HOUR = timedelta(hours=1)


@transaction.atomic
def note_reading(session: Session, *, actor: Actor) -> None:
    """Somebody who oversees others opens this session. Told once for a person, a session and an hour of the clock.

    The allowance's row decides, so that two pages opened at once leave one entry.
    """
    if take(f"session.read by {actor} in {session.pk}", limit=1, now=timezone.now(), per=HOUR):
        _hold_name(session)
        write_audit(session.workspace, "session.read", actor=actor, session=session, target=session.pk)


@transaction.atomic
def note_export(session: Session, *, actor: Actor, format: str) -> None:
    """Somebody takes the whole transcript along. Told each time."""
    _hold_name(session)
    details = {"format": format, "last_seq": session.last_seq}
    write_audit(session.workspace, "session.exported", actor=actor, session=session, target=session.pk, details=details)


def _hold_name(session: Session) -> None:
    """Write down the name that the session has: whoever erases it comes before this, or finds the entry."""
    lock(session)
    session.refresh_from_db(fields=["name"])
