"""The ledger of tool calls."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from agents_app.models.run import Run


class ToolCallQuerySet(models.QuerySet["ToolCall"]):
    def lost(self) -> "ToolCallQuerySet":
        """Of a run without a worker: calls that may have taken effect or not, and may not run twice."""
        return self.filter(status=ToolCall.Status.EXECUTING, idempotent=False)

    def unanswered(self) -> "ToolCallQuerySet":
        """Parked calls that still wait for a person, one row for each thing they wait for."""
        waiting = Q(status__in=[ToolCall.Status.WAITING_PERMISSION, ToolCall.Status.WAITING_INPUT])
        return self.filter(waiting | Q(permission_requests__status="pending"))


class ToolCall(models.Model):
    """One call a model proposed, what became of it, and with which arguments it really ran."""

    class Status(models.TextChoices):
        PROPOSED = "proposed"
        WAITING_PERMISSION = "waiting_permission"
        WAITING_INPUT = "waiting_input"
        APPROVED = "approved"
        EXECUTING = "executing"
        COMPLETED = "completed"
        FAILED = "failed"
        DENIED = "denied"
        CANCELLED = "cancelled"
        UNKNOWN = "unknown"

    # Nothing more will become of it.
    SETTLED = (Status.COMPLETED, Status.FAILED, Status.DENIED, Status.CANCELLED, Status.UNKNOWN)

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tool_calls")
    tool_call_id = models.CharField(max_length=200)
    tool_name = models.CharField(max_length=100)
    status = models.CharField(max_length=20, choices=Status, default=Status.PROPOSED)
    risk_level = models.CharField(max_length=20)
    # Whether it may run once more when nobody knows how it ended; as its tool said when it was proposed.
    idempotent = models.BooleanField(default=False)
    proposed_arguments = models.JSONField(default=dict)
    # What it really ran with: the proposed ones, or what a person made of them.
    effective_arguments = models.JSONField(null=True, blank=True)
    # What the policy said when the model proposed it: effect, rule, how to ask, and the grant that answered.
    ruling = models.JSONField(default=dict)
    # The attempt of the run that last executed it.
    attempt = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    # What a person said: the customer's answer to a question, or why a call was denied or refused.
    answer = models.TextField(blank=True)
    # The customer's message that is the answer.
    message_id = models.UUIDField(null=True, blank=True)
    # Set when the tool broke: its run ends with this code, on every attempt.
    error_code = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ToolCallQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "tool_call_id"], name="one_row_per_tool_call")]

    def __str__(self) -> str:
        return f"{self.tool_name} {self.status}"

    @property
    def idempotency_key(self) -> str:
        return idempotency_key(self.run_id, self.tool_call_id)


def idempotency_key(run_id: UUID, tool_call_id: str) -> str:
    """What every execution of one call passes on to outside systems."""
    return f"{run_id}:{tool_call_id}"
