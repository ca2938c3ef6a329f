"""Events as plain values, and events put into a session's log."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from asgiref.sync import sync_to_async

from sessions_app.events.announce import Speech, announce
from sessions_app.events.record import record
from sessions_app.events.types import Event, EventType, Visibility
from sessions_app.models import Draft, Session

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def event(type: EventType = EventType.NOTICE, data: dict[str, Any] | None = None, **more: Any) -> Event:
    return Event(type=type, session="talk", timestamp=AT, data=data or {}, **more)


def message(text: str) -> dict[str, str]:
    return {"message_id": str(uuid4()), "role": "customer", "author": "carla", "text": text}


def tell(session: Session, text: str) -> Event:
    """Put a whole message into the log, past every service."""
    return record(session, EventType.MESSAGE_COMPLETED, message(text))


async def atell(session: Session, *texts: str) -> None:
    for text in texts:
        await sync_to_async(tell)(session, text)


async def arecord(session: Session, type: EventType, data: dict[str, Any]) -> Event:
    return await sync_to_async(record)(session, type, data)


async def aannounce(session: Session, type: EventType, data: dict[str, Any]) -> None:
    await sync_to_async(announce)(session, type, data)


class Speaker:
    """An agent in mid-sentence, as the runs' services would have it speak."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.id: UUID = uuid4()
        self._speech = Speech(session, EventType.MESSAGE_CHUNK, self.id, run=None, visibility=Visibility.CUSTOMER)

    @property
    def text(self) -> str:
        return self._speech.text

    def begin(self) -> None:
        Draft.objects.create(pk=self.id, session=self.session, visibility=Visibility.CUSTOMER)
        record(self.session, EventType.MESSAGE_STARTED, self._data())

    def say(self, text: str) -> None:
        self._speech.say(text)

    def checkpoint(self) -> None:
        Draft.objects.filter(pk=self.id).update(text=self.text)

    def end(self) -> None:
        Draft.objects.filter(pk=self.id).delete()
        record(self.session, EventType.MESSAGE_COMPLETED, {**self._data(), "text": self.text})
        self._speech.end()

    def _data(self) -> dict[str, str]:
        return {"message_id": str(self.id), "role": "agent", "author": "demo"}
