"""The native form of an event on a stream.

`id:` only where the event is durable, so that a browser's Last-Event-ID is always a place in the log. No `event:`
line, so that `EventSource.onmessage` sees everything.
"""

import json

from sessions_app.events.types import Event
from sessions_app.streaming import sse


def body(event: Event) -> dict[str, object]:
    """The native JSON object of an event, the same in streams, transcripts and exports."""
    return {
        "seq": event.seq,
        "type": event.type,
        "session": event.session,
        "run": event.run,
        "timestamp": event.timestamp.isoformat(),
        "data": event.data,
    }


def encode(event: Event, *, id: str | None = None) -> bytes:
    """One frame. `id` replaces the seq where a stream carries several sessions."""
    if id is None and event.durable:
        id = str(event.seq)
    return sse.frame(json.dumps(body(event), ensure_ascii=False, separators=(",", ":")), id=id)
