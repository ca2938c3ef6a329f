"""Small ASGI applications that behave in the ways a serving process has to survive."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

draining = asyncio.Event()


def begin_drain() -> None:
    draining.set()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    await ANSWERS[scope["path"]](scope, receive, send)


async def start(send: Send, kind: bytes = b"text/plain", length: int | None = None) -> None:
    headers = [(b"content-type", kind)]
    if length is not None:
        headers.append((b"content-length", b"%d" % length))
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def body(send: Send, data: bytes, *, more: bool = False) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def whole(send: Send, data: bytes) -> None:
    await start(send, length=len(data))
    await body(send, data)


async def process_id(scope: Message, receive: Receive, send: Send) -> None:
    await whole(send, b"%d" % os.getpid())


async def until_drained(scope: Message, receive: Receive, send: Send) -> None:
    await start(send, b"text/event-stream")
    await draining.wait()
    await body(send, b"data: come back later\n\n")


async def never_ending(scope: Message, receive: Receive, send: Send) -> None:
    await start(send, b"text/event-stream")
    try:
        await asyncio.Event().wait()
    finally:
        print("never_ending was cancelled", flush=True)


async def flood(scope: Message, receive: Receive, send: Send) -> None:
    """100 MB to whoever reads it; says how far it came when the reader has gone."""
    gone = asyncio.create_task(_wait_for_disconnect(receive))
    await start(send, b"text/event-stream")
    sent = 0
    while sent < 100 * 2**20 and not gone.done():
        await body(send, b"x" * 2**16, more=True)
        sent += 2**16
    print(f"flood over, reader gone: {gone.done()}", flush=True)
    gone.cancel()
    await body(send, b"")


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def large(scope: Message, receive: Receive, send: Send) -> None:
    await whole(send, b"x" * 8 * 2**20)


async def fails_early(scope: Message, receive: Receive, send: Send) -> None:
    raise RuntimeError("before the start")


async def fails_late(scope: Message, receive: Receive, send: Send) -> None:
    await start(send, b"text/event-stream")
    await body(send, b"data: one\n\n", more=True)
    raise RuntimeError("after the start")


async def gives_up(scope: Message, receive: Receive, send: Send) -> None:
    await start(send, b"text/event-stream")


async def ignores_its_reader(scope: Message, receive: Receive, send: Send) -> None:
    await start(send, b"text/event-stream")
    while True:
        await body(send, b"data: on and on\n\n", more=True)


async def body_length(scope: Message, receive: Receive, send: Send) -> None:
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message["body"])
        more = message["more_body"]
    await whole(send, b"%d" % length)


async def ready(scope: Message, receive: Receive, send: Send) -> None:
    worker = {"ok": False, "detail": "No worker has ever reported."}
    checks = {"database": {"ok": True, "detail": "sqlite answers."}, "worker": worker}
    await whole(send, json.dumps({"status": "degraded", "checks": checks}).encode())


ANSWERS = {
    "/process-id": process_id,
    "/until-drained": until_drained,
    "/never-ending": never_ending,
    "/flood": flood,
    "/large": large,
    "/fails-early": fails_early,
    "/fails-late": fails_late,
    "/gives-up": gives_up,
    "/ignores-its-reader": ignores_its_reader,
    "/body-length": body_length,
    "/api/v1/health": process_id,
    "/api/v1/ready": ready,
}
