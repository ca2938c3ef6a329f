"""Puts a connection's chunks together, and checks that they are contiguous and what was said in the end."""

from typing import Any

STARTS = ("message_started", "reasoning_started")
CHUNKS = ("message_chunk", "reasoning_chunk")
COMPLETIONS = ("message_completed", "reasoning_completed")


class Violation(AssertionError):
    """A stream broke a promise."""


class Assembly:
    """The texts of one connection."""

    def __init__(self) -> None:
        self.whole = 0
        # Settled by the log before the last chunk came: allowed, the settled text is the whole one.
        self.cut_short = 0
        self._texts: dict[str, str] = {}
        self._settled: set[str] = set()

    def take(self, event: dict[str, Any]) -> None:
        type, data = event["type"], event["data"]
        if type in STARTS:
            self._texts[data["message_id"]] = ""
        elif type in CHUNKS:
            self._append(data["message_id"], data["offset"], data["text"])
        elif type in COMPLETIONS:
            self._settle(data["message_id"], data["text"])
        elif type == "message_discarded":
            self._texts.pop(data["message_id"], None)
            self._settled.add(data["message_id"])

    def _append(self, message_id: str, offset: int, text: str) -> None:
        if message_id in self._settled:
            raise Violation(f"A chunk of {message_id} came after its end.")
        before = self._texts.get(message_id, "")
        if offset != len(before):
            raise Violation(f"A chunk of {message_id} begins at {offset}, and {len(before)} characters were there.")
        if not text:
            raise Violation(f"A chunk of {message_id} at {offset} is empty.")
        self._texts[message_id] = before + text

    def _settle(self, message_id: str, text: str) -> None:
        assembled = self._texts.pop(message_id, "")
        self._settled.add(message_id)
        if not text.startswith(assembled):
            raise Violation(f"The chunks of {message_id} are not what it said: {assembled[-60:]!r}")
        if assembled:
            self.whole += assembled == text
            self.cut_short += assembled != text
