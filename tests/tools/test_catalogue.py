"""The list of tools an agent can be given."""

import pytest

from agents_app.tools.base import Risk
from agents_app.tools.catalogue import TOOLS, UnknownTool, tools_named


def test_each_tool_is_listed_under_its_own_name_and_explains_itself() -> None:
    for name, tool in TOOLS.items():
        assert tool.name == name
        assert tool.function.__doc__


def test_tools_come_in_the_order_they_were_named() -> None:
    assert [tool.name for tool in tools_named(["refund_order", "lookup_order"])] == [
        "refund_order",
        "lookup_order",
    ]


def test_unknown_names_are_all_named_in_the_error() -> None:
    with pytest.raises(UnknownTool, match="no tool fly, swim"):
        tools_named(["fly", "lookup_order", "swim"])


def test_a_refund_asks_a_person_and_is_never_repeated() -> None:
    refund = TOOLS["refund_order"]
    assert (refund.risk, refund.asks, refund.idempotent) == (Risk.HIGH, True, False)
