"""The ledger of tool calls: a call's row is claimed before its code runs, so that it runs once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from agents_app.backends.base import BackendError
from agents_app.exceptions import CancelRequested, OutcomeUnknown
from agents_app.models import Run, ToolCall
from agents_app.services.fence import held
from agents_app.tools.base import Tool
from sessions_app.events.encoding import clean
from sessions_app.events.record import record
from sessions_app.events.types import EventType

Status = ToolCall.Status
# A result longer than this as text is cut in the event; the ledger keeps all of it.
RESULT_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of a call before: its stored result, or with `refused` what the model is told instead."""

    result: Any
    refused: str | None = None


def propose_call(run: Run, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any]) -> None:
    """Write down what the model wants to do. Writing the same call down again changes nothing."""
    with held(run):
        call, new = ToolCall.objects.get_or_create(
            run=run,
            tool_call_id=tool_call_id,
            defaults={
                "tool_name": tool.name,
                "risk_level": tool.risk,
                "idempotent": tool.idempotent,
                "proposed_arguments": clean(arguments),
            },
        )
        if new:
            tell_call(call, arguments=call.proposed_arguments)


def claim_call(run: Run, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any]) -> Earlier | None:
    """Take a call for execution, with these arguments. None when it may run now, else what became of it earlier.

    Raises `CancelRequested` when the run is to stop: from the moment a cancel was accepted, no tool begins. Raises
    BackendError as the first attempt did when the tool broke then, and `OutcomeUnknown` when nobody knows how a call
    ended that may not run twice.
    """
    with held(run):
        if Run.objects.filter(pk=run.pk, cancel_requested_at__isnull=False).exists():
            raise CancelRequested
        call = ToolCall.objects.get(run=run, tool_call_id=tool_call_id)
        if call.status == Status.COMPLETED:
            return Earlier(call.result)
        if call.error_code:
            raise BackendError(call.error_code, call.answer)
        # A call that was given up stays unknown, and its answer says so.
        if call.status in (Status.FAILED, Status.UNKNOWN):
            return Earlier(None, refused=call.answer)
        if call.status == Status.EXECUTING and not call.idempotent:
            raise OutcomeUnknown(tool.name)
        ToolCall.objects.filter(pk=call.pk).update(
            status=Status.EXECUTING,
            attempt=run.attempt,
            effective_arguments=clean(arguments),
            started_at=timezone.now(),
        )
        call.refresh_from_db()
        tell_call(call, arguments=call.effective_arguments)
    return None


def finish_call(
    run: Run, tool_call_id: str, *, result: Any = None, refused: str | None = None, error_code: str = ""
) -> None:
    """Store what a call returned, or in which words it failed; with an error code the run cannot go on."""
    with held(run):
        call = ToolCall.objects.get(run=run, tool_call_id=tool_call_id)
        call.status = Status.COMPLETED if refused is None else Status.FAILED
        call.result = clean(result)
        call.answer = clean(refused or "")
        call.error_code = error_code
        call.ended_at = timezone.now()
        call.save(update_fields=["status", "result", "answer", "error_code", "ended_at"])
        tell_call(call)
        tell_result(call)


def tell_call(call: ToolCall, **more: Any) -> None:
    """Record how a call stands. The caller holds the session's lock."""
    data = {
        "tool_call_id": call.tool_call_id,
        "tool_name": call.tool_name,
        "status": call.status,
        "risk_level": call.risk_level,
        "started_at": call.started_at.isoformat() if call.started_at else None,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        **more,
    }
    record(call.run.session, EventType.TOOL_STATUS, data, run=call.run_id, open=_open(call))


def tell_result(call: ToolCall) -> None:
    """Record what a call came to. The caller holds the session's lock."""
    success = call.status == Status.COMPLETED
    data = {
        "tool_call_id": call.tool_call_id,
        "tool_name": call.tool_name,
        "success": success,
        "result": _shortened(call, call.result if success else call.answer),
    }
    record(call.run.session, EventType.TOOL_RESULT, data, run=call.run_id, open=_open(call))


def _open(call: ToolCall) -> bool:
    return "tools" in call.run.agent.shown_to_customers


def _shortened(call: ToolCall, result: Any) -> Any:
    if len(_text(result)) <= RESULT_CHARACTERS:
        return result
    # Masked before it is cut: afterwards it is a text in which no name can be found, and half a secret is one, too.
    return _text(call.run.session.workspace.masked(result))[:RESULT_CHARACTERS] + "…"


def _text(result: Any) -> str:
    return result if isinstance(result, str) else str(result)
