"""Orders as the demo agent looks them up and refunds them, in the database."""

from typing import Any

import pytest

from agents_app.models import Order
from agents_app.tools import refund_order as refunding
from agents_app.tools.base import ToolRefused
from agents_app.tools.lookup_order import find_order, lookup_order
from agents_app.tools.refund_order import refund_order
from sessions_app.models import Workspace
from tests.backends.fake_desk import FakeContext

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    workspace = Workspace.objects.create(name="shop")
    return Order.objects.create(workspace=workspace, number=1001, item="Kettle", total_cents=3000, refunded_cents=950)


@pytest.fixture
def overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another refund, up to 20.00 in all, comes between the reading of the order and its change."""

    def read_then_overtaken(workspace_id: int, number: int) -> Order:
        read = find_order(workspace_id, number)
        Order.objects.filter(pk=read.pk).update(refunded_cents=2000)
        return read

    monkeypatch.setattr(refunding, "find_order", read_then_overtaken)


def within(order: Order) -> FakeContext:
    return FakeContext("call-1", workspace_id=order.workspace_id)


async def refund(order: Order, *arguments: Any) -> dict[str, str | int]:
    return await refund_order(within(order), order.number, *arguments)


async def refunded_state(order: Order) -> tuple[int, str]:
    fresh = await Order.objects.aget(pk=order.pk)
    return fresh.refunded_cents, fresh.status


async def test_an_order_is_found_with_its_money_as_text(order: Order) -> None:
    assert await lookup_order(within(order), 1001) == {
        "order": 1001,
        "item": "Kettle",
        "status": "paid",
        "total": "30.00",
        "refunded": "9.50",
        "currency": "EUR",
    }


async def test_an_unknown_order_is_refused_in_words_for_the_model(order: Order) -> None:
    with pytest.raises(ToolRefused, match=r"There is no order 7\."):
        await lookup_order(within(order), 7)


async def test_the_order_of_another_workspace_is_unknown(order: Order) -> None:
    elsewhere = FakeContext("call-1", workspace_id=order.workspace_id + 1)
    with pytest.raises(ToolRefused, match=r"There is no order 1001\."):
        await lookup_order(elsewhere, 1001)
    with pytest.raises(ToolRefused, match=r"There is no order 1001\."):
        await refund_order(elsewhere, 1001)


async def test_a_part_refund_leaves_the_status_as_it_was(order: Order) -> None:
    result = await refund(order, "5.00")
    assert result == {
        "order": 1001,
        "refunded": "5.00",
        "total_refunded": "14.50",
        "currency": "EUR",
        "status": "paid",
    }
    assert await refunded_state(order) == (1450, "paid")


async def test_a_refund_of_all_that_is_left_marks_the_order_refunded(order: Order) -> None:
    result = await refund(order)
    assert (result["refunded"], result["total_refunded"], result["status"]) == ("20.50", "30.00", "refunded")
    assert await refunded_state(order) == (3000, "refunded")


async def test_more_than_is_left_is_refused_and_changes_nothing(order: Order) -> None:
    with pytest.raises(ToolRefused, match=r"Only 20\.50 EUR"):
        await refund(order, "20.51")
    assert await refunded_state(order) == (950, "paid")


async def test_a_refund_that_came_first_is_never_paid_out_twice(order: Order, overtaken: None) -> None:
    with pytest.raises(ToolRefused, match="someone else just now"):
        await refund(order)
    with pytest.raises(ToolRefused, match="someone else just now"):
        await refund(order, "10.01")


async def test_a_smaller_refund_at_the_same_time_adds_up(order: Order, overtaken: None) -> None:
    result = await refund(order, "10.00")
    assert (result["total_refunded"], result["status"]) == ("30.00", "refunded")
    assert await refunded_state(order) == (3000, "refunded")
