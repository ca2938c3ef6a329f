"""What operators write down for each other in a session."""

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction

from sessions_app.actors import Actor
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType
from sessions_app.exceptions import SessionClosed
from sessions_app.models import Session
from sessions_app.services.audit import write_audit
from sessions_app.services.messages import check_text


@dataclass(frozen=True, slots=True)
class Noted:
    note_id: str
    seq: int


@transaction.atomic
def add_note(session: Session, text: str, *, actor: Actor) -> Noted:
    """Put a note into the log that no customer ever sees, whoever serves the session.

    Raises SessionClosed, and Unprocessable for text that cannot be a message.
    """
    check_text(text)
    lock(session)
    session.refresh_from_db()
    if session.status == Session.Status.CLOSED:
        raise SessionClosed
    note_id = str(uuid4())
    write_audit(session.workspace, "note.added", actor=actor, session=session, target=note_id)
    event = record(session, EventType.OPERATOR_NOTE, {"note_id": note_id, "author": actor.name, "text": text})
    return Noted(note_id, event.seq or 0)
