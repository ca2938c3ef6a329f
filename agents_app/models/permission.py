"""An agent's question to a person, and the answer."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from agents_app.models.policy_rule import words
from agents_app.models.run import Run
from agents_app.models.tool_call import ToolCall
from agents_app.policy import OnTimeout, Role


class PermissionRequestQuerySet(models.QuerySet["PermissionRequest"]):
    def pending(self) -> "PermissionRequestQuerySet":
        return self.filter(status=PermissionRequest.Status.PENDING)

    def expired(self, at: datetime) -> "PermissionRequestQuerySet":
        """Pending requests whose time is over."""
        return self.pending().filter(expires_at__lte=at)

    def expiring(self, at: datetime) -> "PermissionRequestQuerySet":
        """Pending requests whose time is nearly over, and nobody has said so yet."""
        return self.pending().filter(warn_at__lte=at, warned_at__isnull=True, expires_at__gt=at)


class PermissionRequest(models.Model):
    """May this tool call run, or did it?

    Answered once: by as many yeses as the rule wants, by one no, or by the clock.
    """

    class Kind(models.TextChoices):
        APPROVAL = "approval"  # may it run?
        OUTCOME = "outcome"  # its worker died while it ran: did it take effect?

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        DENIED = "denied"
        EXPIRED = "expired"
        CANCELLED = "cancelled"
        # What became of an outcome request. The words are those of the decision.
        RUN_AGAIN = "run_again"
        DONE = "done"
        GIVEN_UP = "give_up"

    OPTIONS = {Kind.APPROVAL: ["approve", "deny"], Kind.OUTCOME: ["run_again", "done", "give_up"]}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="permission_requests")
    tool_call = models.ForeignKey(ToolCall, on_delete=models.CASCADE, related_name="permission_requests")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.APPROVAL)
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    # Exactly what the person was shown; `known` is what is known of an execution without an outcome.
    arguments = models.JSONField(default=dict)
    known = models.JSONField(default=dict, blank=True)
    reasoning = models.TextField(blank=True)
    risk_level = models.CharField(max_length=20)
    # The rule that asked, with its version.
    policy = models.CharField(max_length=200)
    required_role = models.CharField(max_length=20, choices=words(Role), default=Role.OPERATOR.value)
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    separate_requester = models.BooleanField(default=False)
    timeout_seconds = models.PositiveIntegerField(default=600)
    on_timeout = models.CharField(max_length=10, choices=words(OnTimeout), default=OnTimeout.DENY.value)
    requested_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    # When it was handed to supervisors because nobody had answered.
    escalated_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    # What people made of the arguments so far; None while they are as shown. Whoever approves, approves these.
    edited_arguments = models.JSONField(null=True, blank=True)

    objects = PermissionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tool_call"], condition=Q(status="pending"), name="one_pending_request_per_call"
            )
        ]
        indexes = [
            models.Index(fields=["status", "expires_at"], name="permission_expiry"),
            models.Index(fields=["-requested_at", "-id"], name="permission_newest"),
            models.Index(fields=["-decided_at"], name="permission_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.tool_call.tool_name} {self.status}"

    def masked(self, value: Any) -> Any:
        """Arguments or words of this request as people may see them; the row keeps what runs."""
        return self.run.session.workspace.masked(value)

    @property
    def options(self) -> list[str]:
        """The decisions this request can be answered with."""
        return self.OPTIONS[self.Kind(self.kind)]
