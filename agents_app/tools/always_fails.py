"""A tool that breaks, to show what the product does when one does."""

from agents_app.tools.base import Risk, Tool, ToolContext


class DemoBreakdown(Exception):
    """The tool broke down on purpose."""


async def always_fails(context: ToolContext) -> str:
    """Break down on purpose."""
    raise DemoBreakdown


ALWAYS_FAILS = Tool("always_fails", always_fails, Risk.LOW, idempotent=True)
