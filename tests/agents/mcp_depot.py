"""A real MCP server: a depot that knows where parcels are. As a script it speaks over its standard streams."""

import os

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

depot = MCPServer("depot")


@depot.tool()
def track(order: str) -> str:
    """Say where an order is."""
    return f"{order} is in {os.environ.get('DEPOT', 'an unknown depot')}, says {os.getpid()}"


@depot.tool()
def recall(order: str) -> str:
    """Call an order back."""
    raise ToolError(f"{order} is gone.")


if __name__ == "__main__":
    depot.run("stdio")
