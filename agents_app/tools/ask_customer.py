"""Ask the customer something and wait for the answer, however long it takes."""

from agents_app.tools.base import Risk, Tool, ToolContext


async def ask_customer(context: ToolContext, question: str) -> str:
    """Ask the customer a question. The result is the customer's answer.

    Args:
        question: The question, in the customer's language.
    """
    raise RuntimeError("A question parks the run; the answer takes the place of running it.")


ASK_CUSTOMER = Tool("ask_customer", ask_customer, Risk.LOW, idempotent=True, question=True)
