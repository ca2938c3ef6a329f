"""A response that outlives its request.

The view answers everything that can be answered with a status. What is left, the endless body, needs no request,
no thread and no database connection: `config.asgi` lets Django finish the request first, and streams then.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable

from django.http import StreamingHttpResponse

HEADERS = {
    # no-transform: a proxy that compresses would also buffer.
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}


class EventStreamResponse(StreamingHttpResponse):
    """200 text/event-stream. `frames` is called once, when the body begins; it must never raise.

    `any_origin` lets pages of other sites read it: only for a reader who proved itself by something that a browser
    does not send by itself.
    """

    def __init__(self, frames: Callable[[], AsyncGenerator[bytes, None]], *, any_origin: bool = False) -> None:
        self.frames = frames
        # For handlers that know nothing of this class the body is an ordinary asynchronous one.
        super().__init__(_body(frames), content_type="text/event-stream", headers=HEADERS)
        if any_origin:
            self["Access-Control-Allow-Origin"] = "*"


async def _body(frames: Callable[[], AsyncGenerator[bytes, None]]) -> AsyncIterator[bytes]:
    stream = frames()
    try:
        async for chunk in stream:
            yield chunk
    finally:
        await stream.aclose()
