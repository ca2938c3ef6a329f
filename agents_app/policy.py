"""May a tool call run, or must a person be asked? A pure function of the tool and what is known of the call."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    ALLOW = "allow"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy says, and which rule said it: people are shown the rule."""

    effect: Effect
    rule: str


def rule_on(*, tool_name: str, asks: bool) -> Ruling:
    """Every tool carries its own default: tools declared to ask, ask."""
    if asks:
        return Ruling(Effect.ASK, f"default: {tool_name} asks a person")
    return Ruling(Effect.ALLOW, f"default: {tool_name} is free")
