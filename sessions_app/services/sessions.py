"""Open, close and move sessions."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from sessions_app.actors import Actor, ActorKind
from sessions_app.events.encoding import clean
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType
from sessions_app.exceptions import Conflict, SessionClosed, Unprocessable
from sessions_app.models import Handoff, Session, Workspace
from sessions_app.models.workspace import name_validator
from sessions_app.services.audit import write_audit
from sessions_app.services.responder import get_responder
from sessions_app.services.staffing import check_serves

MAX_METADATA_LEVELS = 20
# What becomes of a session after it was opened.
CHANGING = ["status", "status_changed_at", "operator", "priority", "epoch", "last_seq", "last_message", "last_event_at"]


@transaction.atomic
def open_session(
    workspace: Workspace,
    *,
    actor: Actor,
    agent: str = "",
    name: str = "",
    customer: str = "",
    language: str = "",
    metadata: Mapping[str, Any] | None = None,
    busy_policy: str = Session.BusyPolicy.QUEUE,
) -> Session:
    """Begin a conversation. Without a name it gets one nobody can guess.

    Raises Conflict when the name is taken in this workspace, Unprocessable for a name or an agent that cannot be.
    """
    name = name or f"s-{secrets.token_hex(8)}"
    _check_name(name)
    _check_metadata(metadata)
    language = clean(language)
    agent = get_responder().agent_for(workspace, clean(agent))
    try:
        with transaction.atomic():
            session = Session.objects.create(
                workspace=workspace,
                name=name,
                agent=agent,
                customer=clean(customer),
                language=language,
                metadata=clean(metadata or {}),
                busy_policy=busy_policy,
            )
    except IntegrityError:
        raise Conflict("A session of this name already exists.") from None
    write_audit(workspace, "session.opened", actor=actor, session=session, target=session.pk)
    record(session, EventType.SESSION_STARTED, {"agent": agent, "language": language})
    return session


@transaction.atomic
def close_session(session: Session, *, actor: Actor, reason: str = "") -> Session:
    """End a conversation: its runs are cancelled, nothing can be said any more. SessionClosed the second time.

    Members leave a session that one of them serves to that one and to supervisors: raises NotYours. Customers and
    keys may always end it.
    """
    hold(session)
    if actor.kind is ActorKind.USER and session.status == Session.Status.STAFFED:
        check_serves(session, actor)
    previous = session.status
    open_row = Session.objects.open().filter(pk=session.pk)
    if not open_row.update(status=Session.Status.CLOSED, status_changed_at=timezone.now(), operator=None):
        raise SessionClosed
    get_responder().stop(session, actor=actor, reason="session_closed")
    session.refresh_from_db(fields=CHANGING)
    session.handoffs.open().update(status=Handoff.Status.CLOSED, ended_at=timezone.now())
    write_audit(session.workspace, "session.closed", actor=actor, session=session, target=session.pk, reason=reason)
    _status_changed(session, previous=previous, actor=actor, reason=reason)
    record(session, EventType.SESSION_CLOSED, {"reason": reason})
    return session


def hold(session: Session) -> None:
    """Lock the session's row until the transaction ends, and read what others may have changed in it."""
    lock(session)
    session.refresh_from_db(fields=CHANGING)


@transaction.atomic
def move_session(
    session: Session, *, before: str, after: Session.Status, actor: Actor, reason: str = "", **changes: Any
) -> bool:
    """Move between states, if the session is still in the first. False when another was faster.

    `changes` are other columns of the session's row, written with its status.
    """
    row = Session.objects.filter(pk=session.pk, status=before)
    if not row.update(status=after, status_changed_at=timezone.now(), **changes):
        return False
    session.refresh_from_db(fields=CHANGING)
    if before != after:
        _status_changed(session, previous=before, actor=actor, reason=reason)
    return True


def _status_changed(session: Session, *, previous: str, actor: Actor, reason: str) -> None:
    data = {"status": session.status, "previous": previous, "actor": actor.role, "reason": reason}
    record(session, EventType.STATUS_CHANGE, data)


def _check_metadata(metadata: Mapping[str, Any] | None) -> None:
    if not _nested_within(metadata, MAX_METADATA_LEVELS):
        raise Unprocessable(f"Metadata may be nested {MAX_METADATA_LEVELS} levels deep.")


def _nested_within(value: Any, levels: int) -> bool:
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return levels > 0 and all(_nested_within(item, levels - 1) for item in value)


def _check_name(name: str) -> None:
    try:
        name_validator(name)
    except ValidationError as error:
        raise Unprocessable(f"This session name cannot be used: {error.messages[0]}") from None
    if len(name) > 120:
        raise Unprocessable("A session name has at most 120 characters.")
