"""Refund an order of the demo shop, whole or in part. Refunds at the same time never exceed what was paid."""

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Case, F, Value, When

from agents_app.models import Order
from agents_app.tools.base import Risk, Tool, ToolContext, ToolRefused
from agents_app.tools.lookup_order import find_order
from agents_app.tools.money import CURRENCY, in_cents, written


async def refund_order(context: ToolContext, order_number: int, amount: str | None = None) -> dict[str, str | int]:
    """Pay money back to the customer.

    Args:
        order_number: The number of the order, for example 1001.
        amount: How much to refund, for example "20.50". Leave it out to refund all that is left.
    """
    return await sync_to_async(_refund)(context.workspace_id, order_number, amount)


def cents_to_refund(amount: str | None, *, total: int, refunded: int) -> int:
    """Work out the refund in cents, or refuse in words that say what is possible."""
    left = total - refunded
    if left == 0:
        raise ToolRefused("The order is already refunded in full.")
    cents = left if amount is None else in_cents(amount)
    if cents > left:
        raise ToolRefused(f"Only {written(left)} {CURRENCY} of the order can still be refunded.")
    return cents


@transaction.atomic
def _refund(workspace_id: int, number: int, amount: str | None) -> dict[str, str | int]:
    order = find_order(workspace_id, number)
    cents = cents_to_refund(amount, total=order.total_cents, refunded=order.refunded_cents)
    left = F("total_cents") - F("refunded_cents")
    refunded_in_full = When(refunded_cents=F("total_cents") - cents, then=Value(Order.Status.REFUNDED))
    # The amount was worked out from a row that another refund may have changed since.
    changed = (
        Order.objects.alias(left=left)
        .filter(pk=order.pk, left__gte=cents)
        .update(
            refunded_cents=F("refunded_cents") + cents,
            status=Case(refunded_in_full, default=F("status")),
        )
    )
    if not changed:
        raise ToolRefused(f"Order {number} was refunded by someone else just now. Look it up again.")
    order.refresh_from_db()
    return {
        "order": number,
        "refunded": written(cents),
        "total_refunded": written(order.refunded_cents),
        "currency": CURRENCY,
        "status": order.status,
    }


REFUND_ORDER = Tool("refund_order", refund_order, Risk.HIGH, asks=True)
