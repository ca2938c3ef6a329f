"""A thousand open streams in one web process cost it connections, and nothing else."""

import asyncio
import contextlib
import resource
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

import pytest
from django.db import connection

from sessions_app.models import Session
from tests.processes.product import Product
from tests.processes.resources import database_connections, threads
from tests.servers.processes import Processes, Web, database_url

pytestmark = [pytest.mark.processes, pytest.mark.each_database, pytest.mark.timeout(600)]
STREAMS = 1000
AT_ONCE = 50
SECONDS = 60
APPLICATION = "handrail-under-test"
# Requests at the same time as the streams may start a thread or open a connection; a thousand streams may not.
A_FEW = 8


@pytest.fixture
def many_files() -> Iterator[None]:
    """Enough descriptors for our ends of the connections; the web process inherits the limit for its own."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = STREAMS * 2 + 500
    if before[0] < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(before[1], wanted)))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


class Stream:
    """One open connection. The first thing read from it is its `connected` event."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def read_until(self, text: bytes) -> None:
        seen = b""
        while text not in seen:
            data = await self.reader.read(65536)
            assert data, f"The stream ended after {seen[-200:]!r}."
            seen += data


@contextlib.asynccontextmanager
async def streams(web: Web, session: str, key: str, count: int) -> AsyncIterator[list[Stream]]:
    gate = asyncio.Semaphore(AT_ONCE)
    head = f"GET /api/v1/sessions/{session}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n"

    async def opened() -> Stream:
        async with gate:
            stream = Stream(*await asyncio.open_connection("127.0.0.1", web.port))
            stream.writer.write(head.encode())
            await stream.read_until(b'"session_started"')
        return stream

    everyone = await asyncio.gather(*(opened() for _ in range(count)))
    try:
        yield everyone
    finally:
        for stream in everyone:
            stream.writer.close()
        await asyncio.gather(*(stream.writer.wait_closed() for stream in everyone), return_exceptions=True)


async def until(reached: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not await asyncio.to_thread(reached):
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


def use_it(product: Product, session: Session) -> None:
    """Ordinary requests of each kind."""
    assert product.get("/health")["status"] == "ok"
    assert product.get(f"/sessions/{session.name}")["name"] == session.name
    assert product.get(f"/sessions/{session.name}/transcript")["entries"] is not None


def usage(web: Web) -> tuple[int, int]:
    """Its threads and its database connections."""
    try:
        return threads(web), database_connections(web, APPLICATION)
    finally:
        connection.close()


@pytest.mark.usefixtures("many_files")
def test_a_thousand_streams_hold_neither_a_thread_nor_a_database_connection_each(
    processes: Processes, session: Session, key: str
) -> None:
    url = database_url()
    web = processes.web(DATABASE_URL=url if connection.vendor == "sqlite" else f"{url}?application_name={APPLICATION}")
    with Product(web.url, key) as product:
        asyncio.run(_open_a_thousand(web, product, session, key))


async def _open_a_thousand(web: Web, product: Product, session: Session, key: str) -> None:
    use = partial(asyncio.to_thread, use_it, product, session)
    async with streams(web, session.name, key, AT_ONCE):
        await use()
    await until(lambda: product.get("/status")["streams"] == 0, "the first streams are over")
    before = await asyncio.to_thread(usage, web)
    async with streams(web, session.name, key, STREAMS) as everyone:
        status = await asyncio.to_thread(product.get, "/status")
        assert (status["streams"], status["subscriptions"]) == (STREAMS, 1)
        await use()
        during = await asyncio.to_thread(usage, web)
        print(f"threads, database connections: {before} before, {during} with {STREAMS} streams")  # noqa: T201
        assert during[0] <= before[0] + A_FEW
        assert during[1] <= before[1] + A_FEW
        await asyncio.to_thread(product.say, session.name, "to all of you")
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*(stream.read_until(b"to all of you") for stream in everyone))
    await until(lambda: product.get("/status")["streams"] == 0, "the streams are over")
    assert product.get("/status")["subscriptions"] == 0
