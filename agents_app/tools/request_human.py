"""Ask for a person to take the session over."""

from agents_app.tools.base import Risk, Tool, ToolContext


async def request_human(context: ToolContext, reason: str) -> str:
    """Ask for a person to take over. The customer is told that someone will come.

    Args:
        reason: Why a person is needed; the operator reads it.
    """
    await context.request_handoff(reason=reason)
    return "A person has been asked to take over."


REQUEST_HUMAN = Tool("request_human", request_human, Risk.LOW, idempotent=True)
