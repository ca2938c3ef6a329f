"""What can happen in a session: the event vocabulary, as plain Python.

Durable events have a `seq` and are kept in the log. Transient ones have none and are only announced.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    CONNECTED = "connected"
    HEARTBEAT = "heartbeat"

    SESSION_STARTED = "session_started"
    STATUS_CHANGE = "status_change"
    SESSION_CLOSED = "session_closed"

    MESSAGE_STARTED = "message_started"
    MESSAGE_CHUNK = "message_chunk"
    MESSAGE_COMPLETED = "message_completed"
    MESSAGE_DISCARDED = "message_discarded"

    REASONING_STARTED = "reasoning_started"
    REASONING_CHUNK = "reasoning_chunk"
    REASONING_COMPLETED = "reasoning_completed"

    RUN_QUEUED = "run_queued"
    RUN_STARTED = "run_started"
    RUN_WAITING = "run_waiting"
    RUN_RESUMED = "run_resumed"
    RUN_STALLED = "run_stalled"
    RUN_COMPLETED = "run_completed"
    RUN_FAILED = "run_failed"
    RUN_CANCELLED = "run_cancelled"

    TOOL_STATUS = "tool_status"
    TOOL_PROGRESS = "tool_progress"
    TOOL_RESULT = "tool_result"

    PERMISSION_REQUEST = "permission_request"
    PERMISSION_CLEARED = "permission_cleared"

    HANDOFF_REQUESTED = "handoff_requested"
    HANDOFF_ACCEPTED = "handoff_accepted"
    HANDOFF_RETURNED = "handoff_returned"
    HANDOFF_TRANSFERRED = "handoff_transferred"
    OPERATOR_NOTE = "operator_note"

    ARTIFACT = "artifact"
    INPUT_REQUIRED = "input_required"
    NOTICE = "notice"
    ERROR = "error"

    TYPING = "typing"
    PRESENCE = "presence"


class Visibility(StrEnum):
    """Who may see an event, from everybody to the fewest."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


RANK = {Visibility.CUSTOMER: 0, Visibility.OPERATOR: 1, Visibility.SUPERVISOR: 2}

TRANSIENT = frozenset(
    {
        EventType.CONNECTED,
        EventType.HEARTBEAT,
        EventType.MESSAGE_CHUNK,
        EventType.REASONING_CHUNK,
        EventType.TOOL_PROGRESS,
        EventType.TYPING,
        EventType.PRESENCE,
    }
)
CHUNKS = frozenset({EventType.MESSAGE_CHUNK, EventType.REASONING_CHUNK})
RUN_ENDS = frozenset({EventType.RUN_COMPLETED, EventType.RUN_FAILED, EventType.RUN_CANCELLED})

# Types that are not for customers. Everything else is for everybody.
OPERATORS_ONLY = frozenset(
    {
        EventType.REASONING_STARTED,
        EventType.REASONING_CHUNK,
        EventType.REASONING_COMPLETED,
        EventType.RUN_STALLED,
        EventType.PERMISSION_REQUEST,
        EventType.PERMISSION_CLEARED,
        EventType.OPERATOR_NOTE,
        EventType.PRESENCE,
    }
)
# Keys of `data` that are taken out of what a customer sees.
OPERATORS_ONLY_KEYS: Mapping[EventType, frozenset[str]] = {
    EventType.TOOL_STATUS: frozenset({"arguments", "risk_level"}),
    EventType.TOOL_RESULT: frozenset({"result"}),
    EventType.RUN_COMPLETED: frozenset({"usage"}),
    EventType.RUN_FAILED: frozenset({"detail"}),
    # Why somebody did something is written by people for people on this side.
    EventType.STATUS_CHANGE: frozenset({"reason"}),
    EventType.SESSION_CLOSED: frozenset({"reason"}),
    EventType.HANDOFF_REQUESTED: frozenset({"reason"}),
    EventType.HANDOFF_TRANSFERRED: frozenset({"reason"}),
    EventType.HANDOFF_RETURNED: frozenset({"summary"}),
}


def default_visibility(type: EventType) -> Visibility:
    return Visibility.OPERATOR if type in OPERATORS_ONLY else Visibility.CUSTOMER


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `seq` is None for a transient event.

    `session` is the session's name, as clients know it; `open` says that the agent's settings show
    customers even the keys that are otherwise for operators.
    """

    type: EventType
    session: str
    timestamp: datetime
    data: Mapping[str, Any]
    seq: int | None = None
    run: str | None = None
    visibility: Visibility = Visibility.CUSTOMER
    open: bool = False

    @property
    def durable(self) -> bool:
        return self.seq is not None
