"""A transcript's entries as templates want them: which partial shows each, and its values in words."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sessions_app.actors import ActorKind

# What identifies an entry of each kind; all others go by the seq they began with.
IDENTITY = {
    "message": "message_id",
    "reasoning": "message_id",
    "tool": "tool_call_id",
    "permission": "request_id",
}
# Kinds that have a partial. What else happened is in the event log beside the transcript.
SHOWN = frozenset(
    {
        *IDENTITY,
        "artifact",
        "error",
        "handoff_accepted",
        "handoff_requested",
        "handoff_returned",
        "handoff_transferred",
        "input_required",
        "notice",
        "operator_note",
        "run_cancelled",
        "run_failed",
        "session_closed",
    }
)
# Values that are actors: the log keeps them as "user:olga".
PEOPLE = ("operator", "from", "to", "by", "decided_by")
# Notices that are for one operator's composer and not for everybody's transcript.
SILENT_NOTICES = frozenset({"draft_reply", "draft_failed"})


def shown(entries: Iterable[Mapping[str, Any]], more: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The entries that a page shows, each with `key`, `template`, and its times and JSON made ready to print.

    `more` are kinds that this page shows beside SHOWN, each with its template.
    """
    own = more or {}
    return [_ready(entry, own) for entry in entries if entry["kind"] in own or _has_place(entry)]


def key_of(entry: Mapping[str, Any]) -> str:
    """The same key as in the browser's `transcript.js`."""
    kind = entry["kind"]
    return f"{kind}:{entry.get(IDENTITY.get(kind, 'seq'), entry['seq'])}"


def _has_place(entry: Mapping[str, Any]) -> bool:
    return entry["kind"] in SHOWN and entry.get("code") not in SILENT_NOTICES


def _ready(entry: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    return {
        **entry,
        "key": key_of(entry),
        "template": own.get(entry["kind"]) or f"transcript/_{entry['kind']}.html",
        "at": datetime.fromisoformat(entry["at"]),
        "arguments_text": as_json(entry.get("arguments")),
        "result_text": as_json(entry.get("result")),
        "duration": _duration(entry.get("started_at"), entry.get("ended_at")),
        **{key: name_of(entry[key]) for key in PEOPLE if entry.get(key)},
        "until": datetime.fromisoformat(entry["expires_at"]) if entry.get("expires_at") else None,
    }


def name_of(actor: str) -> str:
    """What people call an actor that is kept as `kind:name`."""
    kind, _, name = actor.partition(":")
    return name if kind in set(ActorKind) else actor


def as_json(value: Any) -> str:
    """A value for people to read: a text as it is, anything else as indented JSON, nothing as nothing."""
    if value is None or value == {}:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _duration(started_at: str | None, ended_at: str | None) -> str:
    if not started_at or not ended_at:
        return ""
    seconds = (datetime.fromisoformat(ended_at) - datetime.fromisoformat(started_at)).total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
