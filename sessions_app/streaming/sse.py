"""Server-sent events on the wire: the only file that knows what a frame looks like.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""


def frame(data: str, *, id: str | None = None, event: str | None = None) -> bytes:
    """One event. `data` may hold newlines; `id` and `event` may not, because they would forge other fields.

    Raises ValueError for a control character in `id` or `event`.
    """
    lines = []
    if id is not None:
        lines.append(f"id: {_single_line(id)}")
    if event is not None:
        lines.append(f"event: {_single_line(event)}")
    # A bare CR ends a line for an EventSource too.
    body = data.replace("\r\n", "\n").replace("\r", "\n") if "\r" in data else data
    lines.extend(f"data: {line}" for line in body.split("\n"))
    return ("\n".join(lines) + "\n\n").encode()


def retry(milliseconds: int) -> bytes:
    """How long an EventSource waits before it reconnects."""
    return f"retry: {milliseconds}\n\n".encode()


def comment(text: str) -> bytes:
    """A line every client ignores."""
    return f": {_single_line(text)}\n\n".encode()


def _single_line(value: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("An SSE field other than data cannot hold control characters.")
    return value
