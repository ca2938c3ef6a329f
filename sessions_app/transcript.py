"""The log folded into what a reader sees: a pure function from events to entries."""

from collections.abc import Iterable
from typing import Any

from sessions_app.events.types import RUN_ENDS, Event, EventType

# Events that stand for themselves in a transcript, one entry each.
PLAIN = frozenset(
    {
        EventType.STATUS_CHANGE,
        EventType.SESSION_CLOSED,
        EventType.HANDOFF_REQUESTED,
        EventType.HANDOFF_ACCEPTED,
        EventType.HANDOFF_RETURNED,
        EventType.HANDOFF_TRANSFERRED,
        EventType.OPERATOR_NOTE,
        EventType.ARTIFACT,
        EventType.INPUT_REQUIRED,
        EventType.NOTICE,
        EventType.ERROR,
        *RUN_ENDS,
    }
)
# kind of entry, key of its identity, and what each event does to its status
KEYED = {
    EventType.MESSAGE_STARTED: ("message", "message_id", "speaking"),
    EventType.MESSAGE_COMPLETED: ("message", "message_id", "complete"),
    EventType.MESSAGE_DISCARDED: ("message", "message_id", "discarded"),
    EventType.REASONING_STARTED: ("reasoning", "message_id", "speaking"),
    EventType.REASONING_COMPLETED: ("reasoning", "message_id", "complete"),
    EventType.TOOL_STATUS: ("tool", "tool_call_id", None),
    EventType.TOOL_RESULT: ("tool", "tool_call_id", None),
    EventType.PERMISSION_REQUEST: ("permission", "request_id", "pending"),
    EventType.PERMISSION_CLEARED: ("permission", "request_id", "decided"),
}


def fold(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Entries in the order in which each began.

    A message, a thought, a tool call and a permission request are one entry each, however many events speak of
    them: later keys win. `seq` is the event an entry began with, `last_seq` the last one that changed it.
    """
    entries: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        if event.type in KEYED:
            kind, key, status = KEYED[event.type]
            # A message and a thought are taken back alike, and say which they were.
            kind = event.data.get("part", kind)
            identity = (kind, str(event.data.get(key, event.seq)))
        elif event.type in PLAIN:
            kind, status = event.type.value, None
            identity = (kind, str(event.seq))
        else:
            continue
        own = {"kind": kind, "seq": event.seq, "at": event.timestamp.isoformat(), "run": event.run}
        entry = entries.setdefault(identity, own)
        # An entry's own words come first: an artifact's `kind` becomes `artifact_kind`.
        entry.update({f"{kind}_{key}" if key in own else key: value for key, value in event.data.items()})
        entry["last_seq"] = event.seq
        if status is not None:
            entry["status"] = status
    return list(entries.values())
