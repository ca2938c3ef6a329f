"""A session told to a model that was not there, in the engine's own form: so it can go on from what people said."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pydantic_ai import Conversation, ModelMessage, ModelRequest, ModelResponse, RunUsage, TextPart, UserPromptPart

from agents_app.backends.conversations import dump

# Providers want the customer's side to begin.
SILENCE = "[Not from the customer] They have not said anything yet."
ASIDE = "[Not from the customer] "


class Side(Enum):
    """Whose words they are, as a model sees it."""

    CUSTOMER = "customer"
    OURS = "ours"  # an agent's or an operator's: the customer hears one voice
    ASIDE = "aside"  # not for the customer: what tools answered, what operators told the agent


@dataclass(frozen=True, slots=True)
class Turn:
    side: Side
    text: str


def retell(turns: Sequence[Turn]) -> str:
    """A conversation for `Assignment.conversation`.

    Tools were called by other hands, so their results are told in words: some providers refuse a history that holds
    calls of tools they are not offered.
    """
    messages: list[ModelMessage] = []
    if not turns or turns[0].side is Side.OURS:
        messages.append(ModelRequest(parts=[UserPromptPart(SILENCE)]))
    for turn in turns:
        if turn.side is Side.OURS:
            messages.append(ModelResponse(parts=[TextPart(turn.text)]))
        else:
            text = f"{ASIDE}{turn.text}" if turn.side is Side.ASIDE else turn.text
            messages.append(ModelRequest(parts=[UserPromptPart(text)]))
    return dump(Conversation(), messages, RunUsage())


def is_aside(text: str) -> bool:
    return text.startswith(ASIDE)
