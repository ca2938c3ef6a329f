"""The small table of demo data that the demo agent's tools read and change."""

from django.db import models

from sessions_app.models import Workspace


class Order(models.Model):
    """One purchase of the demo shop."""

    class Status(models.TextChoices):
        PAID = "paid"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        REFUNDED = "refunded"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="orders")
    number = models.PositiveIntegerField()
    item = models.CharField(max_length=200)
    # In cents: money is never a float.
    total_cents = models.PositiveIntegerField()
    refunded_cents = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, choices=Status, default=Status.PAID)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_order_per_number"),
            models.CheckConstraint(
                condition=models.Q(refunded_cents__lte=models.F("total_cents")), name="refund_not_above_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.item}"
