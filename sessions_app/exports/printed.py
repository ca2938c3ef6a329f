"""A transcript to be printed: one plain page with a stylesheet for paper, and no script."""

from collections.abc import AsyncGenerator, AsyncIterable

from django.template.loader import get_template

from sessions_app.events.types import Event
from sessions_app.exports.facts import Facts
from sessions_app.exports.lines import line_of
from sessions_app.views.entries import as_json

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
            yield one.render({"line": line, "kind": line.kind.replace("_", " "), "details": as_json(line.details)})
    yield foot
