"""Reading the log from code that must not block.

Reads run in a few threads of their own, shared by every stream of the process: so a stream holds neither a thread
nor a database connection, however long it lives.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections

from sessions_app.events.types import Event, EventType, Visibility
from sessions_app.models import Draft, Session, StoredEvent

# Rows fetched at a time: an event may be a megabyte, and a slow reader holds one batch in memory.
BATCH = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A message or thought in mid-sentence, with its text as of the last checkpoint."""

    message_id: UUID
    type: EventType
    run: str | None
    visibility: Visibility
    text: str


def from_row(row: StoredEvent, session_name: str) -> Event:
    return Event(
        type=EventType(row.type),
        session=session_name,
        timestamp=row.timestamp,
        data=row.data,
        seq=row.seq,
        run=str(row.run) if row.run else None,
        visibility=Visibility(row.visibility),
        open=row.open,
    )


async def replay(session_id: UUID, session_name: str, *, after: int) -> AsyncGenerator[Event, None]:
    """Every stored event with a seq above `after`, in order, until the log has no more."""
    while True:
        batch = await read(partial(_batch, session_id, after))
        for row in batch:
            yield from_row(row, session_name)
        if len(batch) < BATCH:
            return
        after = batch[-1].seq


async def read_tips(session_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The newest seq of each session, in one query."""
    ids = list(session_ids)
    return await read(lambda: dict(Session.objects.filter(pk__in=ids).values_list("pk", "last_seq")))


async def read_unsettled(session_id: UUID) -> list[Unsettled]:
    """What is being spoken in a session right now, oldest first."""
    return await read(lambda: [_unsettled(draft) for draft in Draft.objects.filter(session=session_id)])


async def read(query: Callable[[], T]) -> T:
    """Run a database query in one of the log's reading threads."""
    return await asyncio.get_running_loop().run_in_executor(_readers(), _query, query)


def _query(query: Callable[[], T]) -> T:
    # No request begins or ends in these threads, so connections are looked after here.
    close_old_connections()
    try:
        return query()
    finally:
        close_old_connections()


def _batch(session_id: UUID, after: int) -> list[StoredEvent]:
    rows = StoredEvent.objects.filter(session_id=session_id, seq__gt=after)
    return list(rows.order_by("seq")[:BATCH])


def _unsettled(draft: Draft) -> Unsettled:
    spoken = draft.kind == Draft.Kind.MESSAGE
    return Unsettled(
        message_id=draft.pk,
        type=EventType.MESSAGE_CHUNK if spoken else EventType.REASONING_CHUNK,
        run=str(draft.run) if draft.run else None,
        visibility=Visibility(draft.visibility),
        text=draft.text,
    )


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.LOG_READER_THREADS, thread_name_prefix="log-reader")
