"""A customer's own data as a portable file: what they said and were told, and what was decided about their wishes."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.events.encoding import clean_text
from sessions_app.events.replay import from_row
from sessions_app.events.types import Event, EventType, Visibility
from sessions_app.events.visibility import seen_by
from sessions_app.exceptions import NotFound
from sessions_app.models import Session, Workspace
from sessions_app.services.audit import write_audit
from sessions_app.services.erasing import digest_of, sessions_of
from sessions_app.services.responder import get_responder

FORMAT = "handrail-customer-data"
VERSION = 1
# Rows in memory at a time.
CHUNK = 200


def export_customer(workspace: Workspace, customer: str, *, actor: Actor, reason: str = "") -> Iterator[str]:
    """The pieces of one JSON document; PRIVACY.md describes it. In memory is one session at a time.

    What the customer may see is in it, and nothing that is for operators. The audit entry is written before the first
    piece. Raises NotFound at once when the customer has no session here.
    """
    customer = clean_text(customer)
    ids = list(sessions_of(workspace, customer).order_by("created_at", "pk").values_list("pk", flat=True))
    if not customer or not ids:
        raise NotFound("This customer has no sessions here.")
    write_audit(
        workspace,
        "customer.exported",
        actor=actor,
        target=digest_of(workspace, customer),
        reason=reason,
        details={"sessions": len(ids)},
    )
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": timezone.now().isoformat(),
        "workspace": workspace.name,
        "customer": customer,
    }
    return _pieces(head, ids)


def _pieces(head: dict[str, Any], ids: list[Any]) -> Iterator[str]:
    yield f'{_json(head)[:-1]}, "sessions": ['
    for number, session_id in enumerate(ids):
        session = Session.objects.select_related("workspace").get(pk=session_id)
        yield f"{',' if number else ''}\n{_json(_told(session))}"
    yield "\n]}\n"


@transaction.atomic
def _told(session: Session) -> dict[str, Any]:
    return {
        "id": str(session.pk),
        "name": session.name,
        "status": session.status,
        "language": session.language,
        "metadata": session.metadata,
        "created_at": session.created_at.isoformat(),
        "closed_at": session.status_changed_at.isoformat() if session.status == Session.Status.CLOSED else None,
        # Before this seq the log is no longer kept.
        "first_seq": session.pruned_seq + 1,
        "messages": _messages(session),
        "handoffs": [
            {
                "requested_at": handoff.requested_at.isoformat(),
                "trigger": handoff.trigger,
                "status": handoff.status,
                "accepted_at": handoff.accepted_at.isoformat() if handoff.accepted_at else None,
                "ended_at": handoff.ended_at.isoformat() if handoff.ended_at else None,
            }
            for handoff in session.handoffs.order_by("requested_at")
        ],
        "decisions": get_responder().decisions(session),
    }


def _messages(session: Session) -> list[dict[str, Any]]:
    """What was said, without what was taken back, and the documents that were handed over."""
    found: dict[str, dict[str, Any]] = {}
    for event in _seen(session):
        match event.type:
            case EventType.MESSAGE_COMPLETED:
                keys = ("role", "author", "text")
                found[event.data["message_id"]] = _entry(event, keys)
            case EventType.ARTIFACT:
                found[f"artifact {event.seq}"] = {"role": "agent", **_entry(event, ("kind", "title", "content"))}
            case EventType.MESSAGE_DISCARDED:
                found.pop(event.data["message_id"], None)
    return list(found.values())


def _entry(event: Event, keys: tuple[str, ...]) -> dict[str, Any]:
    return {"seq": event.seq, "at": event.timestamp.isoformat(), **{key: event.data[key] for key in keys}}


def _seen(session: Session) -> Iterator[Event]:
    wanted = [EventType.MESSAGE_COMPLETED, EventType.MESSAGE_DISCARDED, EventType.ARTIFACT]
    rows = session.events.filter(type__in=wanted).order_by("seq")
    for row in rows.iterator(chunk_size=CHUNK):
        event = seen_by(from_row(row, session.name), Visibility.CUSTOMER)
        if event is not None:
            yield event


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
