"""What the chat page of the demo tells newcomers to ask for. The page itself knows nothing of orders."""

from django import template
from django.db.models import F

from agents_app.models import Order
from sessions_app.models import Workspace

register = template.Library()


@register.simple_tag
def refund_request(workspace: Workspace) -> str:
    """A sentence that the demo agent understands, about an order with something left to refund. "" when none has."""
    left = Order.objects.filter(workspace=workspace, refunded_cents__lt=F("total_cents"))
    number = left.order_by("number").values_list("number", flat=True).first()
    return "" if number is None else f"refund order {number}"
