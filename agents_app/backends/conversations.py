"""The text a run is set down as and picked up from: every message, the usage, and the calls it waits for."""

from collections.abc import Mapping, Sequence

from pydantic_ai import (
    Conversation,
    ConversationTypeAdapter,
    DeferredToolRequests,
    DeferredToolResults,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    RunUsage,
    ToolApproved,
    ToolDenied,
    ToolFailed,
    UserPromptPart,
)
from pydantic_ai.messages import repair_messages

from agents_app.backends.base import Answer, Answered, Approved, BackendError, Denied, ParkedCall, PauseKind
from agents_app.tools.state_confidence import STATE_CONFIDENCE

# The arguments a parked call was judged on, kept with it: the model's own may lack defaults.
ARGUMENTS = "arguments"


def load(text: str) -> Conversation:
    return ConversationTypeAdapter.validate_json(text) if text else Conversation()


def dump(
    before: Conversation,
    messages: Sequence[ModelMessage],
    usage: RunUsage,
    waiting_for: DeferredToolRequests | None = None,
) -> str:
    now = Conversation(
        messages=list(messages),
        usage=usage,
        conversation_id=before.conversation_id,
        deferred_tool_requests=waiting_for,
    )
    return ConversationTypeAdapter.dump_json(now).decode()


def moved_on(conversation: Conversation) -> Conversation:
    """Close calls nobody answered: the engine refuses a new prompt while they are open."""
    return Conversation(
        messages=repair_messages(conversation.messages),
        usage=conversation.usage,
        conversation_id=conversation.conversation_id,
    )


def with_note(text: str, note: str) -> str:
    """The conversation with something the model is to know when it is asked next. Calls nobody answered are closed."""
    before = moved_on(load(text))
    return dump(before, [*before.messages, ModelRequest(parts=[UserPromptPart(note)])], before.usage)


def stated_confidence(messages: Sequence[ModelMessage]) -> float | None:
    """How sure the model said it was, the last time since it was last spoken to. None when it did not say."""
    for message in reversed(messages):
        if isinstance(message, ModelResponse):
            for call in reversed(message.tool_calls):
                if call.tool_name == STATE_CONFIDENCE.name:
                    return _between_0_and_1(call.args_as_dict().get("confidence"))
        elif any(isinstance(part, UserPromptPart) for part in message.parts):
            return None
    return None


def _between_0_and_1(value: object) -> float | None:
    # The engine lets a model repair arguments that do not fit, but keeps the call that did not.
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def is_answered(conversation: Conversation) -> bool:
    """Whether the model has the last word. Asking it once more would make it say everything twice."""
    last = conversation.messages[-1] if conversation.messages else None
    return isinstance(last, ModelResponse) and not last.tool_calls


def parked_calls(waiting_for: DeferredToolRequests) -> tuple[ParkedCall, ...]:
    kinds = ((waiting_for.approvals, PauseKind.PERMISSION), (waiting_for.calls, PauseKind.INPUT))
    return tuple(
        ParkedCall(
            tool_call_id=call.tool_call_id,
            tool_name=call.tool_name,
            arguments=waiting_for.metadata[call.tool_call_id][ARGUMENTS],
            kind=kind,
        )
        for calls, kind in kinds
        for call in calls
    )


def results_for(waiting_for: DeferredToolRequests, answers: Mapping[str, Answer]) -> DeferredToolResults:
    """Turn people's answers into the engine's. Every parked call needs one; answers to other calls are ignored."""
    results = DeferredToolResults()
    for call in parked_calls(waiting_for):
        match call.kind, answers.get(call.tool_call_id):
            case PauseKind.PERMISSION, Approved(arguments=None):
                results.approvals[call.tool_call_id] = ToolApproved()
            case PauseKind.PERMISSION, Approved(arguments=arguments) if arguments is not None:
                results.approvals[call.tool_call_id] = ToolApproved(override_args=dict(arguments))
            case PauseKind.PERMISSION, Denied(message=message):
                results.approvals[call.tool_call_id] = ToolDenied(message)
            case PauseKind.INPUT, Answered(text=text):
                results.calls[call.tool_call_id] = text
            case PauseKind.INPUT, Denied(message=message):
                results.calls[call.tool_call_id] = ToolFailed(message)
            case _, None:
                raise BackendError("answer_missing", f"The call of {call.tool_name} has not been answered yet.")
            case _:
                raise BackendError("wrong_answer", f"This kind of answer does not fit the call of {call.tool_name}.")
    return results
