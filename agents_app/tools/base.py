"""What a tool is: a typed async function and what the product must know before it runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Risk(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ToolRefused(Exception):
    """The tool says no in words the model should hear ("There is no order 7."). The run goes on."""


class ToolContext(Protocol):
    """What a running tool may do beyond returning a result. The first argument of every tool function."""

    @property
    def idempotency_key(self) -> str:
        """The same for every execution of one tool call: pass it on to outside systems."""

    @property
    def workspace_id(self) -> int: ...

    async def progress(self, fraction: float, text: str = "") -> None:
        """Tell watchers how far the tool is; `fraction` from 0 to 1."""

    async def artifact(self, *, kind: str, title: str, content: str) -> str:
        """Put a piece of finished work into the session's log. Returns its id."""

    async def request_handoff(self, *, reason: str) -> None:
        """Ask for a person to take the session over."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function an agent may call.

    `function(context, **arguments)` is async, fully annotated, and its docstring is what the model reads.
    `asks` is the default when no policy says otherwise: a person is asked before it runs. A `question` tool
    has no code to run: the run parks and the customer's next message is its result.
    """

    name: str
    function: Callable[..., Awaitable[Any]]
    risk: Risk
    asks: bool = False
    idempotent: bool = False
    timeout_seconds: float = 30
    question: bool = False
    # It does nothing: calling it tells about the answer. So nobody is asked, and neither log nor ledger mention it.
    quiet: bool = False
    # For a function whose signature says nothing: what the model reads, and the JSON schema of the arguments.
    description: str = ""
    schema: dict[str, Any] | None = None
