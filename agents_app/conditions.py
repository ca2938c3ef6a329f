"""What must hold of a tool call's arguments, as people write it down: `amount > 100`. Plain Python."""

import json
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class Operator(StrEnum):
    EQUAL = "=="
    NOT_EQUAL = "!="
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    LIKE = "like"
    SAME = "is"


COMPARISONS: Mapping[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One sentence about one argument.

    `like` takes a pattern with *, ? and [abc], in which case matters; `is` means the very same JSON, type included;
    the others compare as numbers whatever looks like one, so that "20.5" and 20.50 are equal.
    """

    argument: str
    operator: Operator
    value: Any

    def holds(self, arguments: Mapping[str, Any]) -> bool | None:
        """None when nobody can say: the argument is missing or cannot be compared."""
        try:
            return self._compare(arguments.get(self.argument))
        except ValueError:  # Python does not write out integers of thousands of digits
            return None

    def _compare(self, value: Any) -> bool | None:
        if self.operator is Operator.SAME:
            return _canonical(value) == _canonical(self.value)
        if value is None or isinstance(value, list | dict):
            return None
        if self.operator is Operator.LIKE:
            return fnmatchcase(_text(value), _text(self.value))
        left, right = _number(value), _number(self.value)
        if self.operator in (Operator.EQUAL, Operator.NOT_EQUAL):
            comparable = left is not None and right is not None
            same = left == right if comparable else _text(value) == _text(self.value)
            return same is (self.operator is Operator.EQUAL)
        if left is None or right is None:
            return None
        return COMPARISONS[self.operator](left, right)


def read_conditions(written: Any) -> tuple[Condition, ...]:
    """Read `[{"argument": …, "operator": …, "value": …}]`. ValueError says what is wrong.

    A comparison with something that is no number is refused here: it could never hold, and a rule would never match.
    """
    if not isinstance(written, list):
        raise ValueError("Conditions are a list.")
    return tuple(_read(one) for one in written)


def write_conditions(conditions: tuple[Condition, ...]) -> list[dict[str, Any]]:
    return [{"argument": one.argument, "operator": one.operator.value, "value": one.value} for one in conditions]


def _read(written: Any) -> Condition:
    if not isinstance(written, dict) or written.keys() != {"argument", "operator", "value"}:
        raise ValueError("A condition has an argument, an operator and a value, and nothing else.")
    name, word, value = written["argument"], written["operator"], written["value"]
    if not isinstance(name, str) or not name:
        raise ValueError("A condition names its argument.")
    if word not in list(Operator):
        raise ValueError(f"{word!r} is none of the operators {' '.join(Operator)}.")
    condition = Condition(name, Operator(word), value)
    if condition.operator is not Operator.SAME and (value is None or isinstance(value, list | dict)):
        raise ValueError(f"{name} {word} needs a number or a text.")
    if condition.operator in COMPARISONS and _number(value) is None:
        raise ValueError(f"{name} {word} needs a number.")
    return condition


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _canonical(value)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(value if isinstance(value, int) else str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
