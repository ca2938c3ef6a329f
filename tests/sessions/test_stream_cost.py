"""An open stream costs a connection and a little memory, and nothing else."""

import asyncio
import threading
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from sessions_app.models import Session
from tests.patience import PATIENCE_SECONDS
from tests.sessions.asgi_client import get
from tests.sessions.makers import atell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
STREAMS = 50


def open_connections() -> int:
    """Of this process to the database, as the operating system or the pool counts them in use."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        links = list(Path("/proc/self/fd").iterdir())
        return sum(1 for link in links if link.is_symlink() and str(link.readlink()) == name)
    stats = connection.pool.get_stats()  # type: ignore[attr-defined]
    return int(stats["pool_size"]) - int(stats["pool_available"])


async def test_fifty_open_streams_hold_no_thread_and_no_database_connection(session: Session, key: str) -> None:
    async with get("/sessions/talk/events", key) as first:
        await first.until_seq(1)
        threads, connections = threading.active_count(), open_connections()
        async with AsyncExitStack() as stack:
            streams = [await stack.enter_async_context(get("/sessions/talk/events", key)) for _ in range(STREAMS)]
            for stream in streams:
                await stream.until_seq(1)
            assert threading.active_count() <= threads + settings.LOG_READER_THREADS
            async with asyncio.timeout(PATIENCE_SECONDS):
                while open_connections() > connections:  # the last reader may just be giving its own back
                    await asyncio.sleep(0.01)
            await atell(session, "still live")
            for stream in streams:
                await stream.until_seq(2)
