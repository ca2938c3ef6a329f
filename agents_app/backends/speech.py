"""What one answer of a model says and thinks, as addressed pieces. Its tool calls are no speech."""

from collections.abc import Iterator

from pydantic_ai.messages import (
    AgentStreamEvent,
    ModelResponsePart,
    PartDeltaEvent,
    PartEndEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
)

from agents_app.backends.base import Delta, Settled, SpeechKind


class Speech:
    """Follows the parts of one answer. `name` must be unique within the run: part names are made from it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def pieces(self, event: AgentStreamEvent) -> Iterator[Delta | Settled]:
        """Give the step an event amounts to; empty text, which some providers send, amounts to none."""
        if not isinstance(event, PartStartEvent | PartDeltaEvent | PartEndEvent):
            return
        part = f"{self.name}-{event.index}"
        match event:
            case PartStartEvent(part=TextPart() | ThinkingPart() as started) if started.content:
                yield Delta(_kind(started), part, started.content)
            case PartDeltaEvent(delta=TextPartDelta(content_delta=text)) if text:
                yield Delta(SpeechKind.MESSAGE, part, text)
            case PartDeltaEvent(delta=ThinkingPartDelta(content_delta=text)) if text:
                yield Delta(SpeechKind.REASONING, part, text)
            case PartEndEvent(part=TextPart() | ThinkingPart() as ended) if ended.content:
                yield Settled(_kind(ended), part, ended.content)


def _kind(part: ModelResponsePart) -> SpeechKind:
    return SpeechKind.MESSAGE if isinstance(part, TextPart) else SpeechKind.REASONING
