"""An agent's question to a person, and the answer."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from agents_app.models.run import Run
from agents_app.models.tool_call import ToolCall


class PermissionRequestQuerySet(models.QuerySet["PermissionRequest"]):
    def pending(self) -> "PermissionRequestQuerySet":
        return self.filter(status=PermissionRequest.Status.PENDING)

    def expired(self, at: datetime) -> "PermissionRequestQuerySet":
        """Pending requests whose time is over."""
        return self.pending().filter(expires_at__lte=at)


class PermissionRequest(models.Model):
    """May this tool call run? Answered once: by a person, a key with the scope, or the clock."""

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        DENIED = "denied"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="permission_requests")
    tool_call = models.ForeignKey(ToolCall, on_delete=models.CASCADE, related_name="permission_requests")
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    # Exactly what the person was shown.
    arguments = models.JSONField(default=dict)
    reasoning = models.TextField(blank=True)
    risk_level = models.CharField(max_length=20)
    policy = models.CharField(max_length=100)
    requested_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    # What the person made of the arguments; None when approved as shown.
    edited_arguments = models.JSONField(null=True, blank=True)

    objects = PermissionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tool_call"], condition=Q(status="pending"), name="one_pending_request_per_call"
            )
        ]
        indexes = [models.Index(fields=["status", "expires_at"], name="permission_expiry")]

    def __str__(self) -> str:
        return f"{self.tool_call.tool_name} {self.status}"
