"""A transcript to be printed: one plain page with a stylesheet for paper, and no script."""

import json
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from typing import Any

from django.template.loader import get_template

from sessions_app.events.types import Event
from sessions_app.exports.facts import Facts
from sessions_app.exports.lines import line_of

# What people call these; all others are called as the log calls them.
WORDS = {
    "message_completed": "message",
    "reasoning_completed": "thought",
    "operator_note": "private note",
    "tool_status": "tool",
    "permission_cleared": "decision",
    "input_required": "question to the customer",
}
# Where the lines go, in the page around them.
PLACE = "<!-- lines -->"


async def chunks(facts: Facts, events: AsyncIterable[Event]) -> AsyncGenerator[str, None]:
    page = get_template("exports/transcript.html").render({"facts": facts, "place": PLACE})
    head, foot = page.split(PLACE)
    one = get_template("exports/_line.html")
    yield head
    async for event in events:
        line = line_of(event)
        if line is not None:
            kind = WORDS.get(line.kind, line.kind.replace("_", " "))
            yield one.render({"line": line, "kind": kind, "details": legible(line.details)})
    yield foot


def legible(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values for people. Ids, and what says nothing, are left to the other formats."""
    said = {key: value for key, value in details.items() if not key.endswith("_id") and value not in (None, "", [], {})}
    return [
        (key.replace("_", " "), value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in said.items()
    ]
