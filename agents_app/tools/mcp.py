"""Tools of MCP servers as tools of ours: judged, kept in the ledger and run like every other."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import mcp
import mcp_types
from mcp import Client, MCPError

from agents_app.models import McpServer
from agents_app.tools.base import Risk, Tool, ToolContext, ToolRefused
from agents_app.tools.catalogue import TOOLS
from agents_app.tools.mcp_connection import Connection
from agents_app.tools.servers import ServerUnavailable

# Providers take no other characters in the name of a tool, and no longer names.
STRANGE = re.compile(r"[^a-zA-Z0-9_-]")
NAME_CHARACTERS = 64
CALL_SECONDS = 120.0


@asynccontextmanager
async def connect(servers: Iterable[McpServer]) -> AsyncIterator[tuple[Tool, ...]]:
    """What `servers.tools_of` promises, for at least one server."""
    async with AsyncExitStack() as stack:
        tools: dict[str, Tool] = {}
        for server in servers:
            connection = await stack.enter_async_context(Connection(server))
            for tool in await _tools(server, connection.client):
                if tool.name in tools or tool.name in TOOLS:
                    raise ServerUnavailable(f"The MCP server {server.name} has a second tool named {tool.name}.")
                tools[tool.name] = tool
        yield tuple(tools.values())


async def _tools(server: McpServer, client: Client) -> list[Tool]:
    try:
        found = await client.list_tools()
        listed = list(found.tools)
        while found.next_cursor:
            found = await client.list_tools(cursor=found.next_cursor)
            listed.extend(found.tools)
    except MCPError as error:
        raise ServerUnavailable(f"The MCP server {server.name} does not list its tools ({error.code}).") from None
    return [_tool(server, client, theirs) for theirs in listed]


def _tool(server: McpServer, client: Client, theirs: mcp.Tool) -> Tool:
    return Tool(
        STRANGE.sub("_", f"{server.prefix}_{theirs.name}")[:NAME_CHARACTERS],
        _calling(client, theirs.name),
        Risk(server.risk_level),
        asks=server.asks,
        timeout_seconds=CALL_SECONDS,
        description=theirs.description or theirs.name,
        schema=theirs.input_schema,
    )


def _calling(client: Client, name: str) -> Callable[..., Awaitable[Any]]:
    async def call(context: ToolContext, /, **arguments: Any) -> Any:
        meta: Any = {"handrail/idempotency_key": context.idempotency_key}

        async def tell(progress: float, total: float | None, message: str | None) -> None:
            await context.progress(progress / total if total else 0.0, message or "")

        try:
            result = await client.call_tool(name, arguments, progress_callback=tell, meta=meta)
        except MCPError as error:
            if error.code == mcp_types.CONNECTION_CLOSED:
                raise
            raise ToolRefused(f"The tool's server refused the call: {error}") from None
        text = "\n".join(part.text for part in result.content if isinstance(part, mcp_types.TextContent))
        if result.is_error:
            raise ToolRefused(text or "The tool failed and does not say why.")
        return text if result.structured_content is None else result.structured_content

    return call
