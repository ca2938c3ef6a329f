"""An event as one line of a transcript on paper or in a table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sessions_app.events.types import Event, EventType

# Who did it and what it says: keys of the event's data, "" where it says none. Everything else is in `details`.
WORDS: Mapping[EventType, tuple[str, str]] = {
    EventType.SESSION_STARTED: ("agent", ""),
    EventType.STATUS_CHANGE: ("actor", "status"),
    EventType.SESSION_CLOSED: ("", "reason"),
    EventType.MESSAGE_COMPLETED: ("author", "text"),
    EventType.REASONING_COMPLETED: ("", "text"),
    EventType.RUN_QUEUED: ("agent", ""),
    EventType.RUN_STARTED: ("agent", ""),
    EventType.RUN_RESUMED: ("agent", ""),
    EventType.RUN_FAILED: ("", "detail"),
    EventType.RUN_CANCELLED: ("by", ""),
    EventType.TOOL_STATUS: ("tool_name", "status"),
    EventType.TOOL_RESULT: ("tool_name", "result"),
    EventType.PERMISSION_REQUEST: ("tool_name", "reasoning"),
    EventType.PERMISSION_CLEARED: ("decided_by", "outcome"),
    EventType.HANDOFF_REQUESTED: ("requested_by", "reason"),
    EventType.HANDOFF_ACCEPTED: ("operator", ""),
    EventType.HANDOFF_TRANSFERRED: ("from", "reason"),
    EventType.HANDOFF_RETURNED: ("operator", "summary"),
    EventType.OPERATOR_NOTE: ("author", "text"),
    EventType.ARTIFACT: ("title", "content"),
    EventType.INPUT_REQUIRED: ("tool_name", "question"),
    EventType.NOTICE: ("", "detail"),
    EventType.ERROR: ("", "detail"),
}
# They announce what another event says in full.
BEGINNINGS = frozenset({EventType.MESSAGE_STARTED, EventType.REASONING_STARTED})


@dataclass(frozen=True, slots=True)
class Line:
    seq: int
    at: datetime
    kind: str
    who: str
    text: str
    details: Mapping[str, Any]


def line_of(event: Event) -> Line | None:
    """None for an event that another one says in full. Nothing of any other event's data is left out."""
    if event.type in BEGINNINGS:
        return None
    who, text = WORDS.get(event.type, ("", ""))
    # A text is a text; a tool's result may be anything.
    words = event.data.get(text, "") if text else ""
    told = {who, text} if isinstance(words, str) else {who}
    return Line(
        seq=event.seq or 0,
        at=event.timestamp,
        kind=event.type.value,
        who=str(event.data.get(who, "")) if who else "",
        text=words if isinstance(words, str) else "",
        details={key: value for key, value in event.data.items() if key not in told},
    )
