"""A desk that keeps its ledger in memory, and tools that leave traces on it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents_app.backends.base import Denied, Verdict
from agents_app.tools.base import Tool, ToolContext


@dataclass
class FakeContext:
    idempotency_key: str
    workspace_id: int = 1
    reported: list[float] = field(default_factory=list)
    artifacts: list[tuple[str, str, str]] = field(default_factory=list)
    handoffs: list[str] = field(default_factory=list)

    async def progress(self, fraction: float, text: str = "") -> None:
        self.reported.append(fraction)

    async def artifact(self, *, kind: str, title: str, content: str) -> str:
        self.artifacts.append((kind, title, content))
        return f"artifact-{len(self.artifacts)}"

    async def request_handoff(self, *, reason: str) -> None:
        self.handoffs.append(reason)


@dataclass
class FakeDesk:
    """Asks about tools that ask, unless `verdicts` says otherwise for the tool's name."""

    verdicts: Mapping[str, Verdict | Denied] = field(default_factory=dict)
    judged: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    executed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)
    contexts: dict[str, FakeContext] = field(default_factory=dict)
    # What is heard each time the backend asks.
    said: list[list[str]] = field(default_factory=list)

    async def heard(self) -> list[str]:
        return self.said.pop(0) if self.said else []

    async def judge(self, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any]) -> Verdict | Denied:
        self.judged.append((tool_call_id, arguments))
        return self.verdicts.get(tool.name, Verdict.ASK if tool.asks else Verdict.ALLOW)

    def context(self, tool: Tool, tool_call_id: str) -> ToolContext:
        return self.contexts.setdefault(tool_call_id, FakeContext(tool_call_id))

    async def run(
        self, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any], code: Callable[[], Awaitable[Any]]
    ) -> Any:
        if tool_call_id not in self.results:
            self.executed.append((tool.name, arguments))
            self.results[tool_call_id] = await code()
        return self.results[tool_call_id]
