"""The conversation on a terminal, word by word as it is spoken."""

import json
from typing import Any

from django.core.management.base import OutputWrapper
from django.core.management.color import Style

from config.demo.heard import Heard

NAME_WIDTH = 9


class Screen:
    """One line for each thing that happens; a line being spoken grows. `style` decides whether there is colour."""

    def __init__(self, out: OutputWrapper, style: Style) -> None:
        self._out = out
        self._style = style
        # Whose words stand on the line that is not ended yet.
        self._speaking: str | None = None

    def note(self, text: str) -> None:
        self._line("demo", self._style.MIGRATE_HEADING(text))

    def show(self, event: Heard) -> None:
        data = event.data
        match event.type:
            case "message_chunk":
                self._speak("agent", data["message_id"], data["text"])
            case "reasoning_chunk":
                self._speak("thinks", data["message_id"], self._style.HTTP_NOT_MODIFIED(data["text"]))
            case "message_completed" if event.run is None:
                self._line(data["role"], self._style.MIGRATE_LABEL(data["text"]))
            case "tool_status":
                arguments = f" {_json(data['arguments'])}" if "arguments" in data else ""
                self._line("tool", f"{data['tool_name']}{arguments} · {data['status']}")
            case "tool_result":
                self._line("tool", f"{data['tool_name']} → {_json(data['result'])}")
            case "permission_request":
                asked = f"May {data['tool_name']} run with {_json(data['arguments'])}? ({data['risk_level']} risk)"
                self._line("asks", self._style.WARNING(asked))
            case "permission_cleared":
                self._line("ruling", self._ruling(data["outcome"], data["decided_by"], data["reason"]))
            case "run_failed" | "run_cancelled" | "error":
                self._line("run", self._style.ERROR(f"{event.type} {_json(data)}"))

    def end(self) -> None:
        """End a line that is being spoken, whatever comes next."""
        if self._speaking is not None:
            self._out.write("")
            self._speaking = None

    def _ruling(self, outcome: str, by: str, reason: str) -> str:
        style = self._style.SUCCESS if outcome == "approved" else self._style.ERROR
        return style(f"{outcome} by {by}" + (f": {reason}" if reason else ""))

    def _speak(self, who: str, message_id: str, words: str) -> None:
        if self._speaking != message_id:
            self.end()
            self._speaking = message_id
            self._out.write(f"{who:<{NAME_WIDTH}} ", ending="")
        self._out.write(words, ending="")
        self._out.flush()

    def _line(self, who: str, text: str) -> None:
        self.end()
        self._out.write(f"{who:<{NAME_WIDTH}} {text}")
        self._out.flush()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
