"""Hears a session's channel straight from Valkey, past every part of the product."""

import time
from typing import Any

import redis

from sessions_app.events.channels import session_channel
from sessions_app.events.encoding import Grown, from_wire
from sessions_app.events.types import Event
from sessions_app.models import Session
from tests.patience import PATIENCE_SECONDS


class Hearing:
    def __init__(self, url: str, session: Session) -> None:
        self._client = redis.Redis.from_url(url)
        self._pubsub = self._client.pubsub()  # type: ignore[no-untyped-call]
        self._pubsub.subscribe(session_channel(session.pk))
        assert self._message()["type"] == "subscribe"

    def close(self) -> None:
        self._pubsub.close()
        self._client.close()

    def take(self, count: int) -> list[Event | Grown]:
        return [from_wire(self._message()["data"]) for _ in range(count)]

    def events(self, count: int) -> list[Event]:
        return [event for event in self.take(count) if isinstance(event, Event)]

    def types(self, count: int) -> list[str]:
        return [event.type for event in self.events(count)]

    def texts(self, count: int) -> list[str]:
        return [event.data["text"] for event in self.events(count)]

    def _message(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if message := self._pubsub.get_message(timeout=0.5):
                return dict(message)
        raise TimeoutError("Nothing came over the bus.")
