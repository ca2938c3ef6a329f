"""A transcript's entries as the chat page shows them: in the customer's words, and only what concerns them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

IDENTITY = {"message": "message_id", "tool": "tool_call_id"}
# Kinds that have a partial. All else is in the event log of the page's panel.
KINDS = frozenset(
    {
        *IDENTITY,
        "artifact",
        "error",
        "handoff_accepted",
        "handoff_requested",
        "handoff_returned",
        "handoff_transferred",
        "input_required",
        "run_cancelled",
        "run_failed",
        "session_closed",
    }
)
# Who may have stopped a run so that the customer should hear of it. Their own doings they know.
STOPPED_BY = frozenset({"operator", "supervisor"})


def shown(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries that the page shows, each with its `key`, `template` and values ready to print."""
    entries = list(entries)
    # A question to the customer is shown as such, and not as a tool that asks it.
    questions = {entry["tool_call_id"] for entry in entries if entry["kind"] == "input_required"}
    return [
        _ready(entry)
        for entry in entries
        if _concerns_them(entry) and not (entry["kind"] == "tool" and entry.get("tool_call_id") in questions)
    ]


def phrase(tool_name: str) -> str:
    """What a tool does, for customers. One that has no words of its own is called by its name."""
    return str(settings.CHAT_TOOL_PHRASES.get(tool_name) or " ".join(tool_name.replace("_", " ").split()).capitalize())


def phrases() -> dict[str, str]:
    """All phrases in the page's language, for its module."""
    return {name: str(words) for name, words in settings.CHAT_TOOL_PHRASES.items()}


def _concerns_them(entry: Mapping[str, Any]) -> bool:
    if entry["kind"] == "run_cancelled":
        return entry.get("by") in STOPPED_BY
    # An agent's words that were taken back, because its worker died, say, are said again.
    taken_back = entry.get("status") == "discarded" and entry.get("role") != "customer"
    return entry["kind"] in KINDS and not taken_back


def _ready(entry: Mapping[str, Any]) -> dict[str, Any]:
    kind = entry["kind"]
    return {
        **entry,
        "key": f"{kind}:{entry.get(IDENTITY.get(kind, 'seq'), entry['seq'])}",
        "template": f"chat/entries/_{kind}.html",
        "at": datetime.fromisoformat(entry["at"]),
        "phrase": phrase(entry.get("tool_name", "")),
    }
