"""What a condition says of an argument."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.conditions import Condition, Operator, read_conditions, write_conditions
from tests.policy import made


@pytest.mark.parametrize(
    ("value", "operator", "wanted", "holds"),
    [
        ("20.50", "==", 20.5, True),
        ("20.50", "==", "20.5", True),
        (7, "!=", "7.0", False),
        ("red", "==", "red", True),
        (True, "==", "true", True),
        (1, "==", True, False),
        ("9", ">", "10", False),
        (1e3, ">=", "1000", True),
        (-1, "<", 0, True),
        ("0.1", "<=", 0.1, True),
        ("carla@shop.example", "like", "*@shop.example", True),
        ("Carla@Shop.example", "like", "*@shop.example", False),
        ("a\nb", "like", "a*b", True),
        (1001, "like", "10??", True),
        (7, "is", 7, True),
        ("7", "is", 7, False),
        (7.0, "is", 7, False),
        (True, "is", 1, False),
        ([1, 2], "is", [1, 2], True),
        ({"a": 1, "b": 2}, "is", {"b": 2, "a": 1}, True),
        (None, "is", None, True),
        (None, "==", "x", None),
        ([1], "==", "[1]", None),
        ({"a": 1}, "like", "*", None),
        ("many", ">", "1", None),
    ],
)
def test_a_condition_compares(value: Any, operator: str, wanted: Any, holds: bool | None) -> None:
    assert Condition("amount", Operator(operator), wanted).holds({"amount": value}) is holds


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.floats() | st.text()), made.conditions)
def test_no_argument_is_too_odd_to_be_compared(arguments: dict[str, Any], condition: Condition) -> None:
    assert condition.holds(arguments) in (True, False, None)


def test_a_number_of_any_length_is_compared() -> None:
    huge = {"amount": 10**5000}
    assert Condition("amount", Operator.MORE, 100).holds(huge) is True
    assert Condition("amount", Operator.LIKE, "*").holds(huge) is None


@given(st.lists(made.conditions.filter(lambda one: one.operator not in ("<", "<=", ">", ">="))))
def test_conditions_are_read_as_they_were_written(conditions: list[Condition]) -> None:
    assert read_conditions(write_conditions(tuple(conditions))) == tuple(conditions)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({}, "are a list"),
        (["amount > 100"], "has an argument"),
        ([{"argument": "amount", "operator": ">"}], "has an argument"),
        ([{"argument": "", "operator": "==", "value": 1}], "names its argument"),
        ([{"argument": "amount", "operator": "~", "value": 1}], "none of the operators"),
        ([{"argument": "amount", "operator": [], "value": 1}], "none of the operators"),
        ([{"argument": "amount", "operator": ">", "value": "much"}], "needs a number"),
        ([{"argument": "amount", "operator": "==", "value": None}], "needs a number or a text"),
        ([{"argument": "amount", "operator": "like", "value": ["*"]}], "needs a number or a text"),
    ],
)
def test_what_could_never_hold_is_refused_when_it_is_written(written: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_conditions(written)
