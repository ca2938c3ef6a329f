"""The runner's side of tool calls: what a backend's `ToolDesk` is made of.

The ledger is synchronous, as all services are; here each step of it leaves the event loop for the run's own thread.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async

from agents_app.backends.base import BackendError, Denied, Verdict
from agents_app.models import Run
from agents_app.models.tool_call import idempotency_key
from agents_app.services.fence import held
from agents_app.services.judging import judge_call
from agents_app.services.ledger import claim_call, finish_call, propose_call
from agents_app.services.progress import Progress
from agents_app.services.steering import tell_run
from agents_app.tools.base import Tool, ToolContext, ToolRefused
from sessions_app.actors import Actor, ActorKind
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exceptions import Conflict
from sessions_app.services.handoffs import request_handoff


class Desk:
    """Judges, claims, runs and books the tool calls of one claimed run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._contexts: dict[str, CallContext] = {}

    async def judge(self, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any]) -> Verdict | Denied:
        await sync_to_async(propose_call)(self._run, tool, tool_call_id, arguments)
        return await sync_to_async(judge_call)(self._run, tool, tool_call_id, arguments)

    async def heard(self) -> list[str]:
        return await sync_to_async(tell_run)(self._run)

    def context(self, tool: Tool, tool_call_id: str) -> ToolContext:
        context = self._contexts[tool_call_id] = CallContext(self._run, tool, tool_call_id)
        return context

    async def run(
        self, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any], code: Callable[[], Awaitable[Any]]
    ) -> Any:
        earlier = await sync_to_async(claim_call)(self._run, tool, tool_call_id, arguments)
        if earlier is not None:
            if earlier.refused is not None:
                raise ToolRefused(earlier.refused)
            return earlier.result
        try:
            result = await self._watched(tool_call_id, code)
        except ToolRefused as refusal:
            await sync_to_async(finish_call)(self._run, tool_call_id, refused=str(refusal))
            raise
        except Exception as error:
            fault = _fault(error)
            await sync_to_async(finish_call)(self._run, tool_call_id, refused=fault.detail, error_code=fault.code)
            if fault is error:
                raise
            raise fault from error
        await sync_to_async(finish_call)(self._run, tool_call_id, result=result)
        return result

    async def _watched(self, tool_call_id: str, code: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await code()
        finally:
            if (context := self._contexts.pop(tool_call_id, None)) is not None:
                context.settle()


def _fault(error: Exception) -> BackendError:
    """How a broken tool ends its run. Kept in the ledger, so that every later attempt ends it in the same way."""
    if isinstance(error, BackendError):
        return error
    return BackendError("tool_error", f"A tool failed ({type(error).__name__}).")


class CallContext:
    """What a running tool may do in its session."""

    def __init__(self, run: Run, tool: Tool, tool_call_id: str) -> None:
        self._run = run
        self._tool_call_id = tool_call_id
        self._progress = Progress(run, tool_call_id=tool_call_id, tool_name=tool.name)

    @property
    def idempotency_key(self) -> str:
        return idempotency_key(self._run.pk, self._tool_call_id)

    @property
    def workspace_id(self) -> int:
        return self._run.session.workspace_id

    async def progress(self, fraction: float, text: str = "") -> None:
        self._progress.tell(fraction, text)

    def settle(self) -> None:
        """The call is over: what it said last of its progress goes out now."""
        self._progress.settle()

    async def artifact(self, *, kind: str, title: str, content: str) -> str:
        artifact_id = str(uuid4())
        data = {"artifact_id": artifact_id, "kind": kind, "title": title, "content": content}
        await sync_to_async(self._record)(EventType.ARTIFACT, data)
        return artifact_id

    async def request_handoff(self, *, reason: str) -> None:
        await sync_to_async(self._request_handoff)(reason)

    def _record(self, type: EventType, data: Mapping[str, Any]) -> None:
        with held(self._run):
            record(self._run.session, type, data, run=self._run.pk)

    def _request_handoff(self, reason: str) -> None:
        actor = Actor(ActorKind.AGENT, self._run.agent.name, role="agent")
        with held(self._run):
            try:
                request_handoff(self._run.session, actor=actor, reason=reason)
            except Conflict as conflict:
                raise ToolRefused(conflict.detail) from None
