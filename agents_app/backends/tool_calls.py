"""How the model reaches our tools: every call passes the desk, which alone decides whether code runs."""

import asyncio
import inspect
import logging
from collections.abc import Mapping
from typing import Any, get_type_hints

import pydantic_ai
from pydantic_ai import ApprovalRequired, CallDeferred, RunContext, ToolFailed
from pydantic_core import to_jsonable_python

from agents_app.backends.base import BackendError, Denied, ToolDesk, Verdict
from agents_app.backends.conversations import ARGUMENTS
from agents_app.tools.base import Tool, ToolRefused

logger = logging.getLogger(__name__)

# How often the model may repair arguments that do not fit before its run fails.
ARGUMENT_RETRIES = 2
QUIET_RESULT = "Noted."


class ToolTimedOut(ToolRefused):
    """The tool was stopped at its time limit. What it did until then stays done."""


def engine_tool(tool: Tool, desk: ToolDesk) -> pydantic_ai.Tool[None]:
    """Offer `tool` to the engine. Its schema, if it brings none, is the function's signature without our context."""

    async def call(ctx: RunContext[None], /, **arguments: Any) -> Any:
        if tool.quiet:
            return QUIET_RESULT
        shown = to_jsonable_python(arguments)
        tool_call_id = ctx.tool_call_id
        assert tool_call_id is not None
        if not ctx.tool_call_approved:
            await _ask_desk(tool, desk, tool_call_id, shown)
        try:
            return await desk.run(tool, tool_call_id, shown, lambda: _run_code(tool, desk, tool_call_id, arguments))
        except ToolRefused as refusal:
            raise ToolFailed(str(refusal)) from None

    if tool.schema is not None:
        return pydantic_ai.Tool.from_schema(call, tool.name, tool.description, tool.schema, takes_ctx=True)
    _take_shape(call, tool)
    return pydantic_ai.Tool(call, name=tool.name, takes_ctx=True, max_retries=ARGUMENT_RETRIES)


async def _ask_desk(tool: Tool, desk: ToolDesk, tool_call_id: str, arguments: Mapping[str, Any]) -> None:
    """Return when the call may run now; raise what parks it or what the model is told instead."""
    verdict = await desk.judge(tool, tool_call_id, arguments)
    if isinstance(verdict, Denied):
        raise ToolFailed(verdict.message)
    if tool.question:
        raise CallDeferred(metadata={ARGUMENTS: arguments}, kind="question")
    if verdict is Verdict.ASK:
        raise ApprovalRequired(metadata={ARGUMENTS: arguments})


async def _run_code(tool: Tool, desk: ToolDesk, tool_call_id: str, arguments: Mapping[str, Any]) -> Any:
    context = desk.context(tool, tool_call_id)
    try:
        async with asyncio.timeout(tool.timeout_seconds) as limit:
            return to_jsonable_python(await tool.function(context, **arguments))
    except ToolRefused:
        raise
    except Exception as error:
        if isinstance(error, TimeoutError) and limit.expired():
            raise ToolTimedOut(
                f"{tool.name} did not finish within {tool.timeout_seconds:g} seconds and was stopped."
            ) from None
        # A tool may raise anything: its own errors must not be mistaken for ours or the engine's.
        logger.exception("tool %s failed in call %s", tool.name, tool_call_id)
        raise BackendError("tool_error", f"The tool {tool.name} failed ({type(error).__name__}).") from error


def _take_shape(call: Any, tool: Tool) -> None:
    """Give `call` the tool's name, words and parameters, with the engine's context in place of ours."""
    signature = inspect.signature(tool.function)
    hints = get_type_hints(tool.function, include_extras=True)
    ours, *parameters = signature.parameters.values()
    del hints[ours.name]
    theirs = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=RunContext[None])
    call.__name__ = tool.name
    call.__doc__ = tool.function.__doc__
    call.__annotations__ = {"ctx": RunContext[None], **hints}
    call.__signature__ = signature.replace(parameters=[theirs, *parameters])
