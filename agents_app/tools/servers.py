"""The tools of an agent's MCP servers, for as long as a run needs them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from agents_app.models import McpServer
from agents_app.tools.base import Tool


class ServerUnavailable(Exception):
    """An MCP server could not be reached. The message is for people and names it."""


@asynccontextmanager
async def tools_of(servers: Sequence[McpServer]) -> AsyncIterator[tuple[Tool, ...]]:
    """Connect to the servers and give all their tools, for as long as the body runs.

    Raises ServerUnavailable for the first that cannot be reached, or whose tools have names that are taken.
    """
    if not servers:
        yield ()
        return
    # With the first server and not with the process: the protocol's client is a quarter of a worker's start.
    from agents_app.tools.mcp import connect  # noqa: PLC0415

    async with connect(servers) as tools:
        yield tools
