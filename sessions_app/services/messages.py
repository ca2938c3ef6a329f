"""What people say in a session."""

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from sessions_app.actors import Actor, ActorKind
from sessions_app.events.encoding import clean_text
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType
from sessions_app.exceptions import KeyReused, MessageTaken, NotFound, SessionClosed, Unprocessable
from sessions_app.models import IdempotentRequest, Session, StoredEvent
from sessions_app.services.handoff_rules import person_wanted
from sessions_app.services.handoffs import note_speaker
from sessions_app.services.previews import refresh_preview
from sessions_app.services.responder import get_responder
from sessions_app.services.staffing import check_serves

# Agents speak through their runs, not through `say`; this is the role their messages carry.
AGENT_ROLE = "agent"


class Role(StrEnum):
    """Who a whole message is by."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it went into the log, and the run that will answer it, if one will."""

    message_id: str
    run_id: str | None
    seq: int


@transaction.atomic
def say(session: Session, text: str, *, actor: Actor, role: Role, idempotency_key: str = "") -> Said:
    """Put a whole message into the log; a customer's is answered by the agent while it serves the session.

    Unless a rule of the workspace wants a person for it: then the session waits for one. Operators speak only in
    sessions they serve, supervisors in all that are served: raises NotStaffed and NotYours.

    With an idempotency key a repeated call returns what the first one did, and does nothing. Raises KeyReused when
    the repetition has another text, SessionClosed, SessionBusy when the session's busy policy refuses, and
    Unprocessable for text that cannot be kept as it is.
    """
    check_text(text)
    _check_length(text, actor)
    # From here on one speaker at a time in this session: what is looked up stays true.
    lock(session)
    session.refresh_from_db()
    body_hash = hashlib.sha256(json.dumps([text, role]).encode()).hexdigest()
    if idempotency_key:
        earlier = IdempotentRequest.objects.filter(session=session, key=idempotency_key).first()
        if earlier is not None:
            return _repeat(earlier, body_hash)
    if session.status == Session.Status.CLOSED:
        raise SessionClosed
    if role is Role.OPERATOR:
        check_serves(session, actor)
    message_id = uuid4()
    author = actor.name if role is not Role.CUSTOMER else session.customer
    data = {"message_id": str(message_id), "role": role, "author": author, "text": text}
    seq = record(session, EventType.MESSAGE_COMPLETED, data).seq or 0
    run_id = None
    if role is Role.CUSTOMER and not person_wanted(session, text, since_seq=seq - 1):
        run_id = get_responder().respond(session, text=text, message_id=message_id, actor=actor)
    else:
        note_speaker(session, actor)
    said = Said(str(message_id), str(run_id) if run_id else None, seq)
    if idempotency_key:
        IdempotentRequest.objects.create(session=session, key=idempotency_key, body_hash=body_hash, answer=asdict(said))
    return said


@transaction.atomic
def withdraw(session: Session, message_id: UUID, *, actor: Actor) -> None:
    """Take a message back that still waits for its turn; its run is cancelled.

    Raises NotFound for a message that the customer has not said here, MessageTaken when the agent has begun with it.
    """
    lock(session)
    told = StoredEvent.objects.filter(session=session, type=EventType.MESSAGE_COMPLETED)
    if not told.filter(data__message_id=str(message_id), data__role=Role.CUSTOMER).exists():
        raise NotFound("The customer has said no such message.")
    if not get_responder().withdraw(session, message_id=message_id, actor=actor):
        raise MessageTaken
    record(session, EventType.MESSAGE_DISCARDED, {"message_id": str(message_id)})
    refresh_preview(session)


def _repeat(earlier: IdempotentRequest, body_hash: str) -> Said:
    if earlier.body_hash != body_hash:
        raise KeyReused
    return Said(**earlier.answer)


def _check_length(text: str, actor: Actor) -> None:
    """A product answers for what its key sends; a visitor of the chat page may be anybody."""
    if actor.kind is ActorKind.CUSTOMER and len(text) > settings.CHAT_MESSAGE_MAX_CHARACTERS:
        raise Unprocessable(f"A message has at most {settings.CHAT_MESSAGE_MAX_CHARACTERS} characters here.")


def check_text(text: str) -> None:
    """Raise Unprocessable for text that cannot be a message."""
    if not text.strip():
        raise Unprocessable("A message needs some text.")
    if len(text) > settings.MESSAGE_MAX_CHARACTERS:
        raise Unprocessable(f"A message has at most {settings.MESSAGE_MAX_CHARACTERS} characters.")
    # An agent's stray character is replaced, a client's is refused: the client can still correct it.
    if clean_text(text) != text:
        raise Unprocessable("A message cannot hold NUL characters or lone surrogates.")
