"""What came over the stream, as plain values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


class Missed(Exception):
    """The demo did not go as promised; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One event as a reader got it. `seq` is None for a transient one."""

    type: str
    data: Mapping[str, Any]
    seq: int | None = None
    run: str | None = None

    @classmethod
    def from_json(cls, text: str) -> Self:
        body = json.loads(text)
        return cls(body["type"], body["data"], body["seq"], body["run"])

    def shows(self, type: str, **data: Any) -> bool:
        """Whether it is of this type and carries at least these values."""
        return self.type == type and all(self.data.get(key) == value for key, value in data.items())
