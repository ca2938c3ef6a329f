"""How far a running tool is: shown live, never stored, and not more often than anybody can read."""

import asyncio
from typing import Any

from agents_app.models import Run
from sessions_app.events.announce import announce
from sessions_app.events.types import EventType

# A chatty tool is heard ten times a second; what it says in between is replaced by what it says next.
EVERY_SECONDS = 0.1


class Progress:
    """The progress of one tool call. Belongs to the event loop that the tool runs on."""

    def __init__(self, run: Run, *, tool_call_id: str, tool_name: str) -> None:
        self._run = run
        self._call = {"tool_call_id": tool_call_id, "tool_name": tool_name}
        self._newest: dict[str, Any] | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._due = 0.0

    def tell(self, fraction: float, text: str) -> None:
        self._newest = {**self._call, "fraction": max(0.0, min(1.0, fraction)), "text": text}
        loop = asyncio.get_running_loop()
        if loop.time() >= self._due:
            self.settle()
        elif self._waiting is None:
            self._waiting = loop.call_at(self._due, self.settle)

    def settle(self) -> None:
        """Announce what waits, at once. The tool's end calls this: no progress may follow its result."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._newest is not None:
            data, self._newest = self._newest, None
            self._due = asyncio.get_running_loop().time() + EVERY_SECONDS
            announce(self._run.session, EventType.TOOL_PROGRESS, data, run=self._run.pk)
