"""Transient events: announced on the bus, never stored in the log."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from sessions_app.events import bus
from sessions_app.events.channels import MAX_PAYLOAD_BYTES, Piece, session_channel, text_key, workspace_channel
from sessions_app.events.encoding import clean, clean_text, to_wire
from sessions_app.events.types import TRANSIENT, Event, EventType, Visibility, default_visibility
from sessions_app.masking.fields import mask_texts
from sessions_app.models import Session, Workspace

# A chunk longer than this is announced as several: it may be four bytes a character and must fit the bus.
MAX_CHUNK_CHARACTERS = MAX_PAYLOAD_BYTES // 8


def announce(
    session: Session,
    type: EventType,
    data: Mapping[str, Any],
    *,
    run: UUID | None = None,
    visibility: Visibility | None = None,
) -> None:
    """Tell whoever is connected now. Secrets are masked. Raises ValueError for a durable type."""
    masked = mask_texts(clean(data))
    bus.get_bus().publish([(session_channel(session.pk), _wire(session, type, masked, run, visibility))])


def announce_presence(workspace: Workspace) -> None:
    """Tell a workspace's feeds that an operator came or went elsewhere: each looks into the database itself."""
    bus.get_bus().publish([(workspace_channel(workspace.pk), b"presence")])


def forget_spoken(message_ids: Iterable[UUID]) -> None:
    """Drop the texts kept beside the bus of messages that nobody will finish."""
    for message_id in message_ids:
        bus.get_bus().forget(text_key(message_id))


class Speech:
    """The words of one message or thought on their way out, as they are: a secret in pieces cannot be known.

    Each chunk carries its offset in characters (Unicode code points); the text so far is kept beside the bus in
    the same round trip, so that a reader who joins in mid-sentence can be given all of it.
    """

    def __init__(
        self, session: Session, type: EventType, message_id: UUID, *, run: UUID | None, visibility: Visibility
    ) -> None:
        self._session = session
        self._type = type
        self._id = message_id
        self._run = run
        self._visibility = visibility
        self._pieces: list[str] = []
        self._characters = 0
        self._bytes = 0

    @property
    def text(self) -> str:
        """All of it so far."""
        return "".join(self._pieces)

    def say(self, text: str) -> None:
        """Announce the next words."""
        text = clean_text(text)
        for start in range(0, len(text), MAX_CHUNK_CHARACTERS):
            self._say(text[start : start + MAX_CHUNK_CHARACTERS])

    def _say(self, text: str) -> None:
        encoded = text.encode()
        data = {"message_id": str(self._id), "offset": self._characters, "text": text}
        wire = _wire(self._session, self._type, data, self._run, self._visibility)
        self._pieces.append(text)
        piece = Piece(text_key(self._id), self._bytes, encoded, whole=lambda: self.text.encode())
        self._characters += len(text)
        self._bytes += len(encoded)
        bus.get_bus().publish([(session_channel(self._session.pk), wire)], piece)

    def end(self) -> None:
        """Drop the text kept beside the bus: by now the log holds it."""
        bus.get_bus().forget(text_key(self._id))


def _wire(
    session: Session,
    type: EventType,
    data: Mapping[str, Any],
    run: UUID | None,
    visibility: Visibility | None,
) -> bytes:
    if type not in TRANSIENT:
        raise ValueError(f"{type} is durable: record it.")
    return to_wire(
        Event(
            type=type,
            session=session.name,
            timestamp=timezone.now(),
            data=data,
            run=str(run) if run else None,
            visibility=visibility or default_visibility(type),
        )
    )
