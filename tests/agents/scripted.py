"""Backends that do what a test tells them, through the same port as every other backend."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

from agents_app.backends.base import (
    Assignment,
    Backend,
    Delta,
    Finished,
    ParkedCall,
    Paused,
    PauseKind,
    Settled,
    SpeechKind,
    Step,
    ToolDesk,
    Verdict,
)
from agents_app.backends.llm import LlmBackend
from agents_app.tools.base import Tool, ToolContext, ToolRefused

Script = Callable[[Assignment, ToolDesk], AsyncGenerator[Step, None]]
USAGE = {"requests": 1, "input_tokens": 2, "output_tokens": 3, "tool_calls": 0}
DONE = Finished("a conversation", USAGE)


class Killed(BaseException):
    """The worker process dies here: no `except Exception` of the product may see it."""


class Scripted:
    """Follows a script, and remembers what it was asked to do."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.assignments: list[Assignment] = []

    def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        self.assignments.append(assignment)
        return self._script(assignment, desk)


def steps(*given: Step | BaseException) -> Scripted:
    """Yields these steps; an error among them is raised."""

    async def script(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        for step in given:
            if isinstance(step, BaseException):
                raise step
            yield step

    return Scripted(script)


def delta(text: str, part: str = "p", kind: SpeechKind = SpeechKind.MESSAGE) -> Delta:
    return Delta(kind, part, text)


def settled(text: str, part: str = "p", kind: SpeechKind = SpeechKind.MESSAGE) -> Settled:
    return Settled(kind, part, text)


def calling(tool: Tool, arguments: Mapping[str, Any], code: Callable[[], Awaitable[Any]]) -> Scripted:
    """Calls one tool under the id `c`, then says its result and ends."""

    async def script(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        await desk.judge(tool, "c", arguments)
        text = str(await desk.run(tool, "c", arguments, code))
        yield delta(text)
        yield settled(text)
        yield DONE

    return Scripted(script)


def with_context(tool: Tool, code: Callable[[ToolContext], Awaitable[Any]]) -> Scripted:
    """As `calling`, with code that uses what a running tool is given. A refusal is said instead of a result."""

    async def script(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        await desk.judge(tool, "c", {})
        try:
            text = str(await desk.run(tool, "c", {}, lambda: code(desk.context(tool, "c"))))
        except ToolRefused as refusal:
            text = str(refusal)
        yield delta(text)
        yield settled(text)
        yield DONE

    return Scripted(script)


async def park(desk: ToolDesk, *calls: tuple[Tool, str, Mapping[str, Any]]) -> Paused:
    """Propose these calls and pause for all of them."""
    parked = []
    for tool, tool_call_id, arguments in calls:
        verdict = await desk.judge(tool, tool_call_id, arguments)
        assert tool.question or verdict is Verdict.ASK
        kind = PauseKind.INPUT if tool.question else PauseKind.PERMISSION
        parked.append(ParkedCall(tool_call_id, tool.name, arguments, kind))
    return Paused("a conversation", tuple(parked), USAGE)


class DiesAt:
    """The real engine in a worker that is killed when the step `dies` is true of would be kept."""

    def __init__(self, dies: Callable[[Step], bool], backend: Backend | None = None) -> None:
        self._dies = dies
        self._backend = backend or LlmBackend()

    async def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        async with aclosing(self._backend.work(assignment, desk)) as given:
            async for step in given:
                if self._dies(step):
                    raise Killed
                yield step
