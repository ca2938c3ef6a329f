"""What an answer of the demo model is made of. Plain values: nothing here streams, waits or knows an engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Pace(Enum):
    SPOKEN = "spoken"  # word by word, as a model would
    SLOW = "slow"  # ten words a second
    BULK = "bulk"  # large pieces, as fast as they are taken


@dataclass(frozen=True, slots=True)
class Think:
    text: str


@dataclass(frozen=True, slots=True)
class Say:
    text: str
    pace: Pace = Pace.SPOKEN


@dataclass(frozen=True, slots=True)
class Call:
    tool_name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


Piece = Think | Say | Call
Plan = tuple[Piece, ...]


class Outcome(Enum):
    DONE = "done"
    DENIED = "denied"  # a person said no
    FAILED = "failed"  # the tool, a policy or the engine said no


@dataclass(frozen=True, slots=True)
class Result:
    """What came back from a call: a tool's result when it is done, otherwise words that say why not."""

    tool_name: str
    outcome: Outcome
    content: Any
