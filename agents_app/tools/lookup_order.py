"""Look an order of the demo shop up."""

from asgiref.sync import sync_to_async

from agents_app.models import Order
from agents_app.tools.base import Risk, Tool, ToolContext, ToolRefused
from agents_app.tools.money import CURRENCY, written


async def lookup_order(context: ToolContext, order_number: int) -> dict[str, str | int]:
    """Look up what was ordered, its status, its total and how much of it was refunded.

    Args:
        order_number: The number of the order, for example 1001.
    """
    order = await sync_to_async(find_order)(context.workspace_id, order_number)
    return {
        "order": order.number,
        "item": order.item,
        "status": order.status,
        "total": written(order.total_cents),
        "refunded": written(order.refunded_cents),
        "currency": CURRENCY,
    }


def find_order(workspace_id: int, number: int) -> Order:
    """Another workspace's order is as unknown as one that does not exist."""
    order = Order.objects.filter(workspace_id=workspace_id, number=number).first()
    if order is None:
        raise ToolRefused(f"There is no order {number}.")
    return order


LOOKUP_ORDER = Tool("lookup_order", lookup_order, Risk.LOW, idempotent=True)
