"""The ASGI application: Django, and streams that outlive Django's requests.

When a view answers with an `EventStreamResponse`, the request is finished first: signals sent, its thread released,
its database connection closed. Only then does the stream begin, with nothing behind it but the connection.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

import django
from django.core.handlers.asgi import ASGIHandler
from django.http.response import HttpResponseBase

django.setup(set_prefix=False)

from sessions_app.streaming.response import EventStreamResponse  # noqa: E402

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
logger = logging.getLogger(__name__)


class Outbox:
    """A request's `send`, which also takes the stream that is to follow the request."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.stream: EventStreamResponse | None = None

    async def __call__(self, message: Message) -> None:
        await self.send(message)


class HandrailHandler(ASGIHandler):
    """Django's handler, which gives event streams back instead of sending them from within the request."""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        outbox = Outbox(send)
        await super().__call__(scope, receive, outbox)
        if outbox.stream is not None:
            await stream(outbox.stream, receive, send)

    async def send_response(self, response: HttpResponseBase, send: Send) -> None:
        if isinstance(response, EventStreamResponse) and isinstance(send, Outbox):
            send.stream = response
            return
        await super().send_response(response, send)


async def stream(response: EventStreamResponse, receive: Receive, send: Send) -> None:
    """Send the frames until they end or the reader goes; either way the stream's own clean-up runs."""
    pumping = asyncio.create_task(_pump(response, send))
    leaving = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({pumping, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (pumping, leaving):
            task.cancel()
        results = await asyncio.gather(pumping, leaving, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            # The server closes the connection on an error after the start; the reader resumes by its cursor.
            raise result


async def _pump(response: EventStreamResponse, send: Send) -> None:
    headers = [(name.lower().encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    async with aclosing(response.frames()) as frames:
        async for frame in frames:
            await send({"type": "http.response.body", "body": frame, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


application = HandrailHandler()
