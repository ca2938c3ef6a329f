"""How a parked call is put to people. The caller holds the session's lock."""

from dataclasses import asdict

from agents_app.backends.base import ParkedCall
from agents_app.models import PermissionRequest, ToolCall
from agents_app.services.clearing import decisions_visibility
from agents_app.services.deadlines import deadline
from agents_app.services.judging import default_asking
from agents_app.services.ledger import tell_call
from sessions_app.events.encoding import clean
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.masking.texts import mask_text


def ask_customer(call: ToolCall, parked: ParkedCall) -> None:
    """Put a question to the customer: the next message is its answer."""
    call.status = ToolCall.Status.WAITING_INPUT
    call.save(update_fields=["status"])
    question = str(parked.arguments.get("question", ""))
    data = {"tool_call_id": call.tool_call_id, "question": question}
    record(call.run.session, EventType.INPUT_REQUIRED, data, run=call.run_id)


def ask_person(call: ToolCall, parked: ParkedCall, reasoning: str) -> None:
    """Put a call to whoever may decide it, on the terms of the ruling it got when it was proposed."""
    call.status = ToolCall.Status.WAITING_PERMISSION
    call.save(update_fields=["status"])
    tell_call(call, arguments=call.proposed_arguments)
    ruling = call.ruling
    asking = ruling.get("asking") or asdict(default_asking())
    request = PermissionRequest.objects.create(
        run=call.run,
        tool_call=call,
        arguments=clean(parked.arguments),
        reasoning=mask_text(clean(reasoning)),
        risk_level=call.risk_level,
        policy=ruling.get("rule", ""),
        required_role=asking["role"],
        approvals_needed=asking["approvals"],
        separate_requester=asking["separate_requester"],
        timeout_seconds=asking["timeout_seconds"],
        on_timeout=asking["on_timeout"],
        **deadline(asking["timeout_seconds"]),
    )
    record(
        call.run.session,
        EventType.PERMISSION_REQUEST,
        {
            "request_id": str(request.pk),
            "kind": request.kind,
            "options": request.options,
            "tool_call_id": call.tool_call_id,
            "tool_name": call.tool_name,
            "arguments": request.arguments,
            "risk_level": request.risk_level,
            "reasoning": request.reasoning,
            "policy": request.policy,
            "required_role": request.required_role,
            "approvals_needed": request.approvals_needed,
            "expires_at": request.expires_at.isoformat(),
        },
        run=call.run_id,
        visibility=decisions_visibility(request),
    )
