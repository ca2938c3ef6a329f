"""Models that follow a script, tools that need no database, and short ways to put work to a backend."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from pydantic_ai import ModelMessage, ModelResponse, ToolReturnPart
from pydantic_ai.messages import ModelRequest
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel

from agents_app.backends.base import (
    Answer,
    Assignment,
    Checkpoint,
    Finished,
    Paused,
    Settled,
    SpeechKind,
    Step,
    ToolDesk,
)
from agents_app.backends.llm import LlmBackend
from agents_app.tools.base import Risk, Tool, ToolContext, ToolRefused
from tests.patience import PATIENCE_SECONDS

Item = str | dict[int, DeltaThinkingPart] | dict[int, DeltaToolCall]
Answering = Callable[[list[ModelMessage]], Sequence[Item]]


def think(*texts: str) -> list[Item]:
    return [{0: DeltaThinkingPart(content=text)} for text in texts]


def call(name: str, tool_call_id: str, **arguments: Any) -> list[Item]:
    """A tool call whose arguments arrive in two pieces."""
    text = json.dumps(arguments)
    half = len(text) // 2
    # Parts are told apart by number; one of our own for each call id.
    index = sum(map(ord, tool_call_id)) + 1
    return [
        {index: DeltaToolCall(name=name, json_args=text[:half], tool_call_id=tool_call_id)},
        {index: DeltaToolCall(json_args=text[half:])},
    ]


def backend(*answers: Sequence[Item] | Answering, **options: Any) -> LlmBackend:
    """A backend whose model gives these answers in turn; how many it gave is read from the history."""

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Item]:
        answer = answers[sum(isinstance(message, ModelResponse) for message in messages)]
        for item in answer(messages) if callable(answer) else answer:
            yield item

    return LlmBackend(lambda name: FunctionModel(stream_function=stream), **options)


def retell(messages: list[ModelMessage]) -> list[Item]:
    """Answer with what came back from the tools last."""
    last = messages[-1]
    assert isinstance(last, ModelRequest)
    returns = [part for part in last.parts if isinstance(part, ToolReturnPart)]
    return ["; ".join(f"{part.tool_name} {part.outcome}: {part.content}" for part in returns)]


async def lookup(context: ToolContext, order: str) -> dict[str, Any]:
    """Look an order up."""
    return {"order": order, "total": 50}


async def refund(context: ToolContext, order: str, amount: int = 50) -> str:
    """Refund an order.

    Args:
        amount: In euros.
    """
    return f"{amount} for {order} ({context.idempotency_key})"


async def ask(context: ToolContext, question: str) -> str:
    """Ask the customer."""
    raise AssertionError("never run")


async def refuse(context: ToolContext) -> str:
    """Refuse."""
    raise ToolRefused("There is no order 7.")


async def explode(context: ToolContext) -> str:
    """Explode."""
    raise KeyError("a secret detail")


async def hang(context: ToolContext) -> str:
    """Never return."""
    await asyncio.Event().wait()
    return "never"


LOOKUP = Tool("lookup", lookup, Risk.LOW)
REFUND = Tool("refund", refund, Risk.HIGH, asks=True)
ASK = Tool("ask", ask, Risk.LOW, question=True)
REFUSE = Tool("refuse", refuse, Risk.LOW)
EXPLODE = Tool("explode", explode, Risk.LOW)
HANG = Tool("hang", hang, Risk.LOW)


def prompted(prompt: str = "hi", *tools: Tool, conversation: str = "") -> Assignment:
    return Assignment("run-1", "scripted", "Be brief.", tools, conversation, prompt)


def resumed(assignment: Assignment, paused: Paused, **answers: Answer) -> Assignment:
    return replace(assignment, prompt=None, conversation=paused.conversation, answers=answers)


def rerun(assignment: Assignment, conversation: str) -> Assignment:
    return replace(assignment, prompt=None, conversation=conversation)


async def all_steps(backend: LlmBackend, assignment: Assignment, desk: ToolDesk) -> list[Step]:
    """Read the work to its end. A test that hangs fails instead."""
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(backend.work(assignment, desk)) as steps:
        return [step async for step in steps]


def said(steps: Sequence[Step], kind: SpeechKind = SpeechKind.MESSAGE) -> list[str]:
    return [step.text for step in steps if isinstance(step, Settled) and step.kind is kind]


def paused(steps: Sequence[Step]) -> Paused:
    assert isinstance(steps[-1], Paused)
    return steps[-1]


def used(steps: Sequence[Step]) -> Counter[str]:
    """What the whole of these steps took from the provider."""
    counted: Counter[str] = Counter()
    for step in steps:
        if isinstance(step, Checkpoint | Paused | Finished):
            counted.update(step.usage)
    return counted


def finished(steps: Sequence[Step]) -> Finished:
    assert isinstance(steps[-1], Finished)
    return steps[-1]
