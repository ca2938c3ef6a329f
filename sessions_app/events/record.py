"""The only place durable events are made."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions_app.events import bus
from sessions_app.events.channels import MAX_PAYLOAD_BYTES, session_channel, workspace_channel
from sessions_app.events.encoding import clean, grown_to_wire, to_wire
from sessions_app.events.types import TRANSIENT, Event, EventType, Visibility, default_visibility
from sessions_app.masking.fields import FREE_KEYS, mask_event, mask_texts
from sessions_app.models import Session, StoredEvent

PREVIEW_CHARACTERS = 200


def lock(session: Session) -> None:
    """Hold the session's row until the transaction ends: nobody else can record in it meanwhile.

    For a service that must look at something before it decides whether to record at all.
    """
    Session.objects.select_for_update().values_list("pk").get(pk=session.pk)


def record(
    session: Session,
    type: EventType,
    data: Mapping[str, Any],
    *,
    run: UUID | None = None,
    visibility: Visibility | None = None,
    open: bool = False,
) -> Event:
    """Append an event to the session's log and publish it once committed.

    `seq` is taken under the session's row lock, so it is gapless and its order is the order of commits. Text
    that cannot be stored (NUL, lone surrogates) is replaced, not refused, and secrets are masked: what the log never
    held need not be taken out of it. `session.last_seq` is brought up to date. Raises ValueError for a transient type.
    """
    if type in TRANSIENT:
        raise ValueError(f"{type} is announced, never recorded.")
    now = timezone.now()
    data = clean(data)
    named = not FREE_KEYS.isdisjoint(data)
    if not named:
        data = mask_texts(data)
    visibility = visibility or default_visibility(type)
    # What the newest message says goes into the row that is written anyway.
    preview = {}
    if type is EventType.MESSAGE_COMPLETED and visibility is Visibility.CUSTOMER:
        preview = {"last_message": preview_of(data["text"])}
    with transaction.atomic():
        row = Session.objects.filter(pk=session.pk)
        row.update(last_seq=F("last_seq") + 1, last_event_at=now, **preview)
        if named:
            seq, names = row.values_list("last_seq", "workspace__masked_fields").get()
            data = mask_event(data, names)
        else:
            seq = row.values_list("last_seq", flat=True).get()
        event = Event(
            type=type,
            session=session.name,
            timestamp=now,
            data=data,
            seq=seq,
            run=str(run) if run else None,
            visibility=visibility,
            open=open,
        )
        StoredEvent.objects.create(
            session=session,
            seq=seq,
            type=type,
            data=event.data,
            run=run,
            visibility=event.visibility,
            open=open,
            timestamp=now,
        )
        # robust: the event is already safe in the log, so a fault of the bus must not turn a committed change
        # into an error for the caller. A lambda and not a partial: reporting needs the callback's __qualname__.
        transaction.on_commit(lambda: _publish(session, event), robust=True)
    session.last_seq = seq
    session.last_event_at = now
    session.last_message = preview.get("last_message", session.last_message)
    return event


def preview_of(text: str) -> str:
    """The beginning of a message on one line, as lists of sessions show it."""
    # White space is folded first, but not that of a whole megabyte.
    return " ".join(text[: 4 * PREVIEW_CHARACTERS].split())[:PREVIEW_CHARACTERS]


def _publish(session: Session, event: Event) -> None:
    payload = to_wire(event)
    if len(payload) > MAX_PAYLOAD_BYTES:
        payload = grown_to_wire(event.seq or 0)
    bus.get_bus().publish(
        [
            (session_channel(session.pk), payload),
            (workspace_channel(session.workspace_id), str(session.pk).encode()),
        ]
    )
