"""A transcript as one JSON document: the session's facts, its handoffs, and every event as streams send it.

Its shape is described in ARCHITECTURE.md; `version` is raised when a key changes its meaning or goes.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterable
from typing import Any

from sessions_app.events.types import Event
from sessions_app.exports.facts import Facts
from sessions_app.streaming.encoder import body

FORMAT = "handrail.transcript"
VERSION = 1


async def chunks(facts: Facts, events: AsyncIterable[Event]) -> AsyncGenerator[str, None]:
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": facts.exported_at,
        "exported_by": facts.exported_by,
        "session": facts.session,
        "handoffs": facts.handoffs,
    }
    # The document is left open for the events, and closed after the last: a file that broke off is no JSON.
    yield f'{_text(head)[:-1]},"events":['
    comma = ""
    async for event in events:
        yield f"{comma}\n{_text(body(event))}"
        comma = ","
    yield "\n]}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
