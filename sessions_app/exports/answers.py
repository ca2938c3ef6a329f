"""An export on its way to a browser: streamed from the log, so that a session may be of any length."""

import re
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from sessions_app.actors import Actor
from sessions_app.events.replay import replay
from sessions_app.events.types import Event
from sessions_app.exports import csv_file, json_file, printed
from sessions_app.exports.facts import Facts, read_facts
from sessions_app.models import Session
from sessions_app.services.disclosures import note_export

PIECE = 32_000


@dataclass(frozen=True, slots=True)
class Format:
    """`download`: a file to be kept. Otherwise a page to be looked at and printed."""

    label: str
    content_type: str
    chunks: Callable[[Facts, AsyncIterable[Event]], AsyncGenerator[str, None]]
    download: bool = True


FORMATS = {
    "json": Format("JSON", "application/json", json_file.chunks),
    "csv": Format("CSV", "text/csv; charset=utf-8", csv_file.chunks),
    "html": Format("To print", "text/html; charset=utf-8", printed.chunks, download=False),
}


def export(session: Session, name: str, *, actor: Actor) -> StreamingHttpResponse:
    """The whole log of a session as supervisors see it, in one of FORMATS; audited before the first byte.

    What happens while it is sent comes along. The caller has seen to it that this person may have all of it.
    """
    chosen = FORMATS[name]
    facts = read_facts(session, by=str(actor))
    note_export(session, actor=actor, format=name)
    events = replay(session.pk, session.name, after=0)
    answer = StreamingHttpResponse(_gathered(chosen.chunks(facts, events)), content_type=chosen.content_type)
    disposition = content_disposition_header(chosen.download, file_name(session, name))
    answer["Content-Disposition"] = disposition or "inline"
    answer["Cache-Control"] = "no-store"
    return answer


async def _gathered(chunks: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    """The same text in fewer pieces: each is a message to the server."""
    held, size = [], 0
    async for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def file_name(session: Session, suffix: str) -> str:
    """A name that every system takes: a session's own may hold colons and begin with anything."""
    return f"session-{re.sub(r'[^A-Za-z0-9_-]+', '-', session.name)}.{suffix}"
