"""How an event travels on the bus, and how text is made fit to be stored and sent."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import NoneType
from typing import Any

from sessions_app.events.types import CHUNKS, Event, EventType, Visibility


def clean_text(text: str) -> str:
    """Replace what PostgreSQL cannot store or UTF-8 cannot carry: NUL and lone surrogates become U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def clean(value: Any) -> Any:
    """`value` as strict JSON can hold it: every text cleaned, keys included, and null for NaN and the infinities."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def to_wire(event: Event) -> bytes:
    return json.dumps(
        {
            "type": event.type,
            "session": event.session,
            "timestamp": event.timestamp.isoformat(),
            "data": event.data,
            "seq": event.seq,
            "run": event.run,
            "visibility": event.visibility,
            "open": event.open,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


@dataclass(frozen=True, slots=True)
class Grown:
    """The log now reaches `last_seq`: travels instead of an event too large for the bus."""

    last_seq: int


def grown_to_wire(last_seq: int) -> bytes:
    return json.dumps({"last_seq": last_seq}).encode()


def from_wire(payload: bytes) -> Event | Grown:
    """Raises ValueError for anything that was not made here, so that it can harm no reader."""
    try:
        body = json.loads(payload)
        if "last_seq" in body:
            return Grown(_exactly(body["last_seq"], int))
        event = Event(
            type=EventType(body["type"]),
            session=_exactly(body["session"], str),
            timestamp=datetime.fromisoformat(body["timestamp"]),
            data=_exactly(body["data"], dict),
            seq=_exactly(body["seq"], int, NoneType),
            run=_exactly(body["run"], str, NoneType),
            visibility=Visibility(body["visibility"]),
            open=_exactly(body["open"], bool),
        )
        if event.timestamp.tzinfo is None:
            raise ValueError("The timestamp of this event has no time zone.")
        if event.type in CHUNKS:
            _exactly(event.data["message_id"], str)
            _exactly(event.data["offset"], int)
            _exactly(event.data["text"], str)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("This is not an event.") from error
    return event


def _exactly(value: Any, *kinds: type) -> Any:
    # Not isinstance: true and false are no numbers here.
    if type(value) not in kinds:
        raise ValueError("A field of this event is of the wrong kind.")
    return value
