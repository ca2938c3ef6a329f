"""One open connection to an MCP server, held by a task of its own.

The protocol's client keeps cancel scopes that belong to the task that opened it, and cancels that task when the
connection breaks: it must not be the task of the run.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from types import TracebackType
from typing import Any, Self, TextIO

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client import Transport
from mcp.client.streamable_http import streamable_http_client

from agents_app.models import McpServer
from agents_app.tools.public_address import check_public
from agents_app.tools.servers import ServerUnavailable

# How long a server may take to start, to greet, and to list its tools.
CONNECT_SECONDS = 20.0


class Connection:
    """Open it with `async with`. Raises ServerUnavailable when the server cannot be reached."""

    def __init__(self, server: McpServer) -> None:
        self._server = server
        self._closing = asyncio.Event()
        self._open: asyncio.Future[Client] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._hold())
        try:
            either: set[asyncio.Future[Any]] = {self._task, self._open}
            await asyncio.wait(either, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self._close()
            raise
        if not self._open.done():
            await self._close()
            failed = not self._task.cancelled() and self._task.exception()
            why = f" ({type(failed).__name__})" if failed else ""
            raise ServerUnavailable(f"The MCP server {self._server.name} cannot be reached{why}.")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self._close()

    @property
    def client(self) -> Client:
        return self._open.result()

    async def _hold(self) -> None:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(Client(await self._transport(stack), cache=None))
            self._open.set_result(client)
            await self._closing.wait()

    async def _close(self) -> None:
        """Let the client say goodbye and end its program; one that does not is cut off."""
        self._closing.set()
        if not self._open.done():
            self._task.cancel()
        await asyncio.wait({self._task}, timeout=CONNECT_SECONDS)
        self._task.cancel()
        await asyncio.wait({self._task})
        # Looked at, so that a connection which broke while it was closed does not warn about it later.
        if not self._task.cancelled():
            self._task.exception()

    async def _transport(self, stack: AsyncExitStack) -> Transport:
        server = self._server
        if server.transport == McpServer.Transport.HTTP:
            await check_public(server.url)
            token = os.environ.get(server.token_variable) if server.token_variable else None
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            timeout = httpx2.Timeout(CONNECT_SECONDS, read=300)
            http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=timeout))
            return streamable_http_client(server.url, http_client=http)
        # The operator names the variables, so they cannot be settings.
        variables = {name: os.environ[name] for name in server.environment if name in os.environ}
        parameters = StdioServerParameters(command=server.command, args=server.args, env=variables)
        # What the program complains of may hold what customers said: it does not go into our log.
        return stdio_client(parameters, errlog=stack.enter_context(_nowhere()))


@contextmanager
def _nowhere() -> Iterator[TextIO]:
    with open(os.devnull, "w") as nowhere:
        yield nowhere
