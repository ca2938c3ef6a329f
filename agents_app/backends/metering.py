"""What a run takes from its provider, read step by step."""

from copy import deepcopy
from decimal import Decimal

from pydantic_ai import RunUsage

MICRO_DOLLARS = Decimal(1_000_000)


class Meter:
    """Gives what was used since it was last read. `free`: the model costs nothing, so its price is known."""

    def __init__(self, before: RunUsage, *, free: bool = False) -> None:
        self._read = deepcopy(before)
        self._free = free

    def read(self, usage: RunUsage) -> dict[str, int]:
        """Empty when nothing was used; `cost_micro_dollars` is there when the price is known."""
        spent = usage - self._read
        self._read = deepcopy(usage)
        counted = {
            "requests": spent.requests,
            "input_tokens": spent.input_tokens,
            "output_tokens": spent.output_tokens,
            "tool_calls": spent.tool_calls,
        }
        if not any(counted.values()):
            return {}
        if self._free:
            counted["cost_micro_dollars"] = 0
        elif spent.cost is not None:
            counted["cost_micro_dollars"] = round(spent.cost * MICRO_DOLLARS)
        return counted
