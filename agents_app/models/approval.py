"""Who agreed to a tool call."""

from django.conf import settings
from django.db import models

from agents_app.models.permission import PermissionRequest


class Approval(models.Model):
    """One actor's yes to a permission request, of as many as it needs. Taken back when the arguments are changed."""

    request = models.ForeignKey(PermissionRequest, on_delete=models.CASCADE, related_name="approvals")
    actor = models.CharField(max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "actor"], name="one_approval_per_actor")]

    def __str__(self) -> str:
        return self.actor
