"""What the demo model does about orders: it looks them up, and refunds them when a person allows it."""

import re
from collections.abc import Sequence
from decimal import Decimal

from agents_app.backends.demo_plan import Call, Outcome, Plan, Result, Say, Think


def plan_lookup(match: re.Match[str], results: Sequence[Result]) -> Plan:
    number = int(match[1])
    if not results:
        return (Think(f"Order {number} has to be looked up. "), *_look_up(number))
    found = results[-1]
    if found.outcome is not Outcome.DONE:
        return (Say(f"I could not look order {number} up: {found.content}"),)
    order = found.content
    return (Say(f"Order {order['order']} is {order['item']}. Its status is: {order['status']}."),)


def plan_refund(match: re.Match[str], results: Sequence[Result]) -> Plan:
    """Three answers: look the order up, ask for the refund, report what truly became of it."""
    number, amount = int(match[1]), match[2]
    if not results:
        return (Think(f"Before I refund order {number} I must know what is left of it. "), *_look_up(number))
    last = results[-1]
    if last.tool_name == "refund_order":
        return (Say(_report(number, last)),)
    if last.outcome is not Outcome.DONE:
        return (Say(f"I could not look order {number} up, so nothing is refunded: {last.content}"),)
    left = Decimal(last.content["total"]) - Decimal(last.content["refunded"])
    if not left:
        return (Say(f"Order {number} is already refunded in full."),)
    arguments = {"order_number": number, "amount": amount or str(left)}
    return (
        Think(f"{left} of order {number} can be refunded. "),
        Say(f"I will refund {arguments['amount']} {last.content['currency']} of {last.content['item']}."),
        Call("refund_order", arguments),
    )


def _look_up(number: int) -> Plan:
    return (Say(f"Let me look at order {number}."), Call("lookup_order", {"order_number": number}))


def _report(number: int, refund: Result) -> str:
    # From the tool's own result: a person may have changed the order or the amount before allowing it.
    match refund.outcome, refund.content:
        case Outcome.DONE, {"refunded": paid, "currency": currency, "order": order, "total_refunded": total}:
            return f"Done: {paid} {currency} of order {order} is refunded, {total} in all."
        case Outcome.DONE, words:  # a person has said what came of it, in words of their own
            return f"Order {number} is refunded: {words}"
        case Outcome.DENIED, reason:
            return f"The refund of order {number} was denied: {reason}"
        case _, reason:
            return f"Order {number} was not refunded: {reason}"
