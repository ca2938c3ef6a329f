"""Hearing what is announced in a session, as another process would."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from django.conf import settings

from sessions_app.events.bus import get_bus
from sessions_app.events.channels import session_channel
from sessions_app.models import Session
from tests.patience import PATIENCE_SECONDS

PROBE = b"is the bus there?"


class Listener:
    def __init__(self, pubsub: Any) -> None:
        self._pubsub = pubsub
        self._heard: list[dict[str, Any]] = []

    def until(self, type: str, seconds: float = PATIENCE_SECONDS) -> list[dict[str, Any]]:
        """Everything that was published so far, once something of this type was."""
        deadline = time.monotonic() + seconds
        while type not in [event["type"] for event in self._heard]:
            assert time.monotonic() < deadline, f"no {type} among {[event['type'] for event in self._heard]}"
            payload = self._next()
            event = json.loads(payload) if payload is not None and payload != PROBE else {}
            # An event too large for the bus travels as "the log has grown", without a type.
            if "type" in event:
                self._heard.append(event)
        return self._heard

    def probe(self, channel: str) -> None:
        """Return when the publisher of this process and we are both connected."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._next() != PROBE:
            assert time.monotonic() < deadline
            get_bus().publish([(channel, PROBE)])

    def _next(self) -> bytes | None:
        message = self._pubsub.get_message(ignore_subscribe_messages=True, timeout=0.05)
        return message["data"] if message else None


@contextmanager
def overhearing(session: Session) -> Iterator[Listener]:
    channel = session_channel(session.pk)
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as pubsub:
        pubsub.subscribe(channel)
        listener = Listener(pubsub)
        listener.probe(channel)
        yield listener
