"""The demo model: rules in the place of a language model, streamed the way a language model streams. No network."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from hashlib import sha256

from pydantic_ai import ModelMessage, ModelRequest, TextPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel

from agents_app.backends.demo_drafts import plan_draft
from agents_app.backends.demo_plan import Call, Outcome, Pace, Piece, Plan, Result, Say, Think
from agents_app.backends.demo_rules import plan_answer
from agents_app.backends.draft_prompt import is_draft_prompt
from agents_app.backends.human_part import HumanPart, read_note
from agents_app.backends.retelling import is_aside

SECONDS_BETWEEN_PIECES = {Pace.SPOKEN: 0.02, Pace.SLOW: 0.1, Pace.BULK: 0.0}
BULK_CHARACTERS = 16_000
CALL_CHARACTERS = 24
OUTCOMES = {"success": Outcome.DONE, "denied": Outcome.DENIED}

StreamItem = str | dict[int, DeltaThinkingPart] | dict[int, DeltaToolCall]


def demo_model() -> FunctionModel:
    return FunctionModel(stream_function=_answer, model_name="demo")


async def _answer(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[StreamItem]:
    asked, results = since_last_prompt(messages)
    tools = [tool.name for tool in info.function_tools]
    for index, piece in enumerate(_plan(messages, _text(asked), results, tools)):
        async for item in _stream(piece, index, f"call-{len(messages)}-{_mark(asked)}-{index}"):
            yield item


def _plan(messages: Sequence[ModelMessage], prompt: str, results: Sequence[Result], tools: Sequence[str]) -> Plan:
    if is_draft_prompt(prompt):
        return plan_draft(*both_sides(messages))
    return plan_answer(prompt, results, tools, last_human_part(messages))


def since_last_prompt(messages: Sequence[ModelMessage]) -> tuple[UserPromptPart | None, list[Result]]:
    """Find what was said last, and the results of the calls made for it."""
    asked: UserPromptPart | None = None
    results: list[Result] = []
    for part in (part for message in messages if isinstance(message, ModelRequest) for part in message.parts):
        if isinstance(part, UserPromptPart):
            asked, results = part, []
        elif isinstance(part, ToolReturnPart):
            results.append(Result(part.tool_name, OUTCOMES.get(part.outcome, Outcome.FAILED), part.content))
    return asked, results


def last_human_part(messages: Sequence[ModelMessage]) -> HumanPart | None:
    """What people last said in the agent's place, as far as the history tells."""
    requests = [message for message in messages if isinstance(message, ModelRequest)]
    prompts = [part for message in requests for part in message.parts if isinstance(part, UserPromptPart)]
    notes = [read_note(_text(prompt)) for prompt in prompts]
    return next((note for note in reversed(notes) if note is not None), None)


def both_sides(messages: Sequence[ModelMessage]) -> tuple[list[str], list[str]]:
    """What the customer said and what was said to them, each oldest first; asides and the last prompt left out."""
    parts = [part for message in messages for part in message.parts]
    asked = [_text(part) for part in parts if isinstance(part, UserPromptPart)][:-1]
    said = [part.content for part in parts if isinstance(part, TextPart)]
    return [text for text in asked if not is_aside(text)], said


def _text(asked: UserPromptPart | None) -> str:
    content = asked.content if asked else ""
    return content if isinstance(content, str) else " ".join(item for item in content if isinstance(item, str))


def _mark(asked: UserPromptPart | None) -> str:
    """Tell apart the calls of two prompts at the same place: a history may be taken up again from an earlier point."""
    return sha256(asked.timestamp.isoformat().encode()).hexdigest()[:8] if asked else "0"


async def _stream(piece: Piece, index: int, tool_call_id: str) -> AsyncIterator[StreamItem]:
    match piece:
        case Think(text):
            for word in _words(text):
                yield {index: DeltaThinkingPart(content=word)}
                await asyncio.sleep(SECONDS_BETWEEN_PIECES[Pace.SPOKEN])
        case Say(text, pace):
            for part in _chunks(text, BULK_CHARACTERS) if pace is Pace.BULK else _words(text):
                yield part
                await asyncio.sleep(SECONDS_BETWEEN_PIECES[pace])
        case Call(tool_name, arguments):
            yield {index: DeltaToolCall(name=tool_name, json_args="", tool_call_id=tool_call_id)}
            for chunk in _chunks(json.dumps(arguments), CALL_CHARACTERS):
                yield {index: DeltaToolCall(json_args=chunk)}


def _words(text: str) -> Iterator[str]:
    """Each word with the white space after it: joined, they are the text again."""
    return iter(re.findall(r"\s*\S+\s*", text))


def _chunks(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))
