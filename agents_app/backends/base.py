"""What a backend is: the port between the runner, which owns the log, and an engine, which does the thinking.

The runner hands a backend an `Assignment` and a `ToolDesk`; the backend yields `Step`s. It touches no database,
no bus and no clock of ours. The engine is not buffered: while the runner has not asked for the next step,
the model waits.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from agents_app.tools.base import Tool, ToolContext


class SpeechKind(StrEnum):
    MESSAGE = "message"
    REASONING = "reasoning"


@dataclass(frozen=True, slots=True)
class Approved:
    """Run the parked call; with `arguments`, run it with these instead of the proposed ones (a full replacement)."""

    arguments: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """Do not run the parked call; the model is told `message`."""

    message: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The parked call was a question to the customer; the model gets `text` as its result."""

    text: str


Answer = Approved | Denied | Answered


@dataclass(frozen=True, slots=True)
class Assignment:
    """One stretch of work. Either `prompt` is set (something was said) or `answers` (a parked run goes on).

    `conversation` is the backend's own text from the last `Checkpoint`, `Paused` or `Finished` of the session,
    empty at first. `answers` must hold one answer for every call of that `Paused`.
    """

    run_id: str
    model: str
    instructions: str
    tools: tuple[Tool, ...]
    conversation: str = ""
    prompt: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    # Where the model is, when it is not where its provider's models are.
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """Some more text of the part `part`: unique within the run, stable from its first delta to its `Settled`."""

    kind: SpeechKind
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The part is complete; `text` is the whole of it. A part with no text at all is never mentioned."""

    kind: SpeechKind
    part: str
    text: str


# What was used since the step before that had a usage: requests, input_tokens, output_tokens, tool_calls and,
# where the price is known, cost_micro_dollars.
Usage = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model answer or a round of tools is complete: a rerun may go on from here.

    With `before_request` the model is about to be asked again; a reader that will not have it raises.
    """

    conversation: str
    usage: Usage = field(default_factory=dict)
    before_request: bool = False


class PauseKind(StrEnum):
    PERMISSION = "permission"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class ParkedCall:
    tool_call_id: str
    tool_name: str
    arguments: Mapping[str, Any]
    kind: PauseKind


@dataclass(frozen=True, slots=True)
class Paused:
    """The model cannot go on until every one of `calls` is answered. The last step of its assignment."""

    conversation: str
    calls: tuple[ParkedCall, ...]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Finished:
    """The model has said all it wanted to. The last step of its assignment."""

    conversation: str
    usage: Usage
    # How sure the agent is that this helped, from 0 to 1; None when it does not say.
    confidence: float | None = None


Step = Delta | Settled | Checkpoint | Paused | Finished


class Verdict(StrEnum):
    ALLOW = "allow"
    ASK = "ask"


class ToolDesk(Protocol):
    """Where a backend takes its tool calls: the runner's side decides, keeps the ledger and runs the tool."""

    async def judge(self, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any]) -> Verdict | Denied:
        """Say whether this call may run now. Called once for each call that no person has answered yet."""

    async def heard(self) -> list[str]:
        """What was said to this run since it was last asked. It must be in the text of the next step that has one."""

    def context(self, tool: Tool, tool_call_id: str) -> ToolContext:
        """Give what the tool's function takes as its first argument when this call runs."""

    async def run(
        self,
        tool: Tool,
        tool_call_id: str,
        arguments: Mapping[str, Any],
        code: Callable[[], Awaitable[Any]],
    ) -> Any:
        """Run `code` once for this call and return its JSON-able result; a call already done gives its stored result.

        Raises `ToolRefused` when the model should hear about it and go on; any other error ends the run.
        """


class BackendError(Exception):
    """The backend could not go on. `code` is for programs, the message for people; it never holds a secret."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(detail)


class Backend(Protocol):
    def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        """Do the work as a stream of steps; cancel by closing the generator or cancelling its task.

        Ends with exactly one `Paused` or `Finished`, or raises `BackendError`.
        """
