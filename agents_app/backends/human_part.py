"""How a model is told what people said while it was not serving. Pure functions.

What anybody said is quoted line by line, so that no words of a customer can pass for the summary or for ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SERVED = "[A person has served the customer in your place, and now you serve again. This was said meanwhile.]"
WAITED = "[The customer waited for a person, and now you serve again. This was said meanwhile.]"
SUMMARY = "[The operator's summary for you]"
SPEAKER = re.compile(r"\[(\w+)(?: (.*))?\]")
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class HumanPart:
    """What was said, each as role, author and text, and the operator's summary of it."""

    said: tuple[tuple[str, str, str], ...]
    summary: str = ""

    @property
    def last_words(self) -> str:
        """What an operator said last; "" when none did."""
        return next((text for role, _, text in reversed(self.said) if role == OPERATOR), "")


def write_note(part: HumanPart) -> str:
    """The note in which a model reads it."""
    lines = [SERVED if part.last_words or part.summary else WAITED]
    for role, author, text in part.said:
        lines += [f"[{f'{role} {_one_line(author)}'.strip()}]", _quote(text)]
    if part.summary:
        lines += [SUMMARY, _quote(part.summary)]
    return "\n".join(lines)


def read_note(text: str) -> HumanPart | None:
    """What a note says; None for a text that is no note."""
    first, *lines = text.split("\n")
    if first not in (SERVED, WAITED):
        return None
    said: list[tuple[str, str, str]] = []
    summary: list[str] | None = None
    for line in lines:
        if line == SUMMARY:
            summary = []
        elif line.startswith("> ") and summary is not None:
            summary.append(line[2:])
        elif line.startswith("> "):
            role, author, words = said[-1]
            said[-1] = (role, author, f"{words}\n{line[2:]}" if words else line[2:])
        elif speaker := SPEAKER.fullmatch(line):
            said.append((speaker[1], speaker[2] or "", ""))
    return HumanPart(tuple(said), "\n".join(summary or []))


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in _lines(text))


def _lines(text: str) -> Iterable[str]:
    # Every kind of line break there is, so that none of them hides the beginning of a line of ours.
    return text.splitlines() or [""]


def _one_line(text: str) -> str:
    return " ".join(text.replace("]", ")").split())
