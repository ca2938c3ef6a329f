"""The clock of an event loop. A test puts it forward, and waits for nothing."""

import asyncio


def put_forward(seconds: float) -> None:
    """Let every time-out and timer of the running loop that is due by then come due now."""
    loop = asyncio.get_running_loop()
    now = loop.time
    setattr(loop, "time", lambda: now() + seconds)  # noqa: B010  # a plain assignment would be typed
