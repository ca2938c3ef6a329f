"""How an agent says how sure it is of an answer."""

from typing import Annotated

from pydantic import Field

from agents_app.tools.base import Risk, Tool, ToolContext


async def state_confidence(context: ToolContext, confidence: Annotated[float, Field(ge=0, le=1)]) -> str:
    """Say how sure you are that your next answer helps the customer. Call it before an answer you are not sure of.

    Args:
        confidence: From 0, a guess, to 1, certain.
    """
    raise RuntimeError("A quiet tool is not run; that it was called is what it says.")


STATE_CONFIDENCE = Tool("state_confidence", state_confidence, Risk.LOW, idempotent=True, quiet=True)
