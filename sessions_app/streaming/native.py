"""The native stream, frame by frame: connected, what was missed, what happens, heartbeats, and a clean end."""

import logging
import random
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from sessions_app.events.types import Event, EventType
from sessions_app.streaming import sse
from sessions_app.streaming.encoder import encode
from sessions_app.streaming.hub import Hub
from sessions_app.streaming.subscription import Beat, Ended, Reading, follow

logger = logging.getLogger(__name__)


async def frames(
    hub: Hub,
    readings: Sequence[Reading],
    *,
    opening: Sequence[Event],
    id_of: Callable[[Event], str | None],
    reader: str = "",
) -> AsyncGenerator[bytes, None]:
    """The body of a native stream.

    `opening` events go first. `id_of` gives a durable event's SSE id, None for the seq alone. `reader` is whose stream
    it counts as. Never raises: when the log cannot be read the reader is told so and the stream ends, its cursor
    intact.
    """
    yield sse.retry(settings.STREAM_RETRY_MILLISECONDS) + b"".join(encode(event) for event in opening)
    # Ends after a while, so that whoever lost the right to read has to show it anew; spread, so that streams that
    # began together do not end together.
    until = time.monotonic() + settings.STREAM_MAX_SECONDS * random.uniform(0.9, 1)  # noqa: S311
    try:
        async with aclosing(follow(hub, readings, reader)) as happenings:
            async for happening in happenings:
                if isinstance(happening, Ended):
                    yield farewell()
                    return
                if isinstance(happening, Beat):
                    yield encode(heartbeat(hub, readings))
                    if time.monotonic() > until:
                        yield farewell()
                        return
                    continue
                _, event = happening
                yield encode(event, id=id_of(event) if event.durable else None)
    except (DatabaseError, InterfaceError):
        logger.exception("The log cannot be read; the stream ends and its reader reconnects.")
        detail = "The log cannot be read right now. Reconnect: nothing is lost."
        yield encode(said_here(EventType.ERROR, readings, {"code": "log_unavailable", "detail": detail}))


def terms(hub: Hub) -> dict[str, object]:
    """What a reader is told first: which bus it hears, and how often it will hear at least a heartbeat."""
    return {"bus": hub.mode, "heartbeat_seconds": settings.STREAM_HEARTBEAT_SECONDS}


def farewell() -> bytes:
    """The hint to reconnect: soon, but not all readers at the same moment."""
    milliseconds = random.randint(100, max(101, settings.STREAM_RETRY_MILLISECONDS))  # noqa: S311
    return sse.retry(milliseconds) + sse.comment("the stream ends here, reconnect with your cursor")


def heartbeat(hub: Hub, readings: Sequence[Reading]) -> Event:
    """Says that the connection is alive, how far this reader has come in each session, and how the bus is by now."""
    cursors = {reading.session: reading.cursor for reading in readings}
    return said_here(EventType.HEARTBEAT, readings, {"cursors": cursors, "bus": hub.mode})


def said_here(type: EventType, readings: Sequence[Reading], data: dict[str, object]) -> Event:
    """An event of the connection itself. On a stream of several sessions it belongs to none of them."""
    session = readings[0].session if len(readings) == 1 else ""
    return Event(type=type, session=session, timestamp=timezone.now(), data=data)
