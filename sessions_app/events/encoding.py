"""How an event travels on the bus, and how text is made fit to be stored and sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sessions_app.events.types import Event, EventType, Visibility


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
    """`value` with every text in it cleaned, keys included."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
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
    """Raises ValueError or KeyError for anything that was not made here."""
    body = json.loads(payload)
    if "last_seq" in body:
        return Grown(body["last_seq"])
    return Event(
        type=EventType(body["type"]),
        session=body["session"],
        timestamp=datetime.fromisoformat(body["timestamp"]),
        data=body["data"],
        seq=body["seq"],
        run=body["run"],
        visibility=Visibility(body["visibility"]),
        open=body["open"],
    )
