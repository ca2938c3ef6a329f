"""What a workspace allows its agents."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from agents_app.conditions import read_conditions
from agents_app.models.agent import Agent
from agents_app.policy import Effect, OnTimeout, Role
from sessions_app.models import Workspace


def words(vocabulary: Any) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in vocabulary]


class PolicyRule(models.Model):
    """One rule of a workspace: these calls may run, need a person, or are forbidden."""

    # What a change changes, beside the agent.
    WORDING = (
        "tool",
        "conditions",
        "effect",
        "priority",
        "enabled",
        "role",
        "approvals",
        "separate_requester",
        "timeout_seconds",
        "on_timeout",
        "message",
    )

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="policy_rules")
    # Shown to whoever is asked, with the version: "refunds above 100 v3".
    name = models.CharField(max_length=100)
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="Empty: every agent."
    )
    tool = models.CharField(max_length=100, default="*", help_text="A name, or a pattern with *, ? and [abc].")
    conditions = models.JSONField(
        default=list,
        blank=True,
        help_text='All must hold: [{"argument": "amount", "operator": ">", "value": 100}]. '
        "Operators: == != > >= < <= like is. Unless the effect is allow, a missing argument counts as if it held.",
    )
    effect = models.CharField(max_length=10, choices=words(Effect))
    priority = models.PositiveIntegerField(default=100, help_text="The smallest is tried first.")
    enabled = models.BooleanField(default=True)
    role = models.CharField(
        max_length=20, choices=words(Role), default=Role.OPERATOR.value, help_text="Who may decide."
    )
    approvals = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="How many different people must approve."
    )
    separate_requester = models.BooleanField(
        default=False, help_text="The users and keys whose messages the run works on may not approve."
    )
    timeout_seconds = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Empty: as the settings say."
    )
    on_timeout = models.CharField(
        max_length=10,
        choices=words(OnTimeout),
        default=OnTimeout.DENY.value,
        help_text="Escalate: supervisors get as much time again.",
    )
    message = models.TextField(blank=True, help_text="What the model is told when the call is forbidden.")
    # Counts changes, so that a decision can say under which wording it was made.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["workspace", "priority", "name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_rule_per_name"),
            models.CheckConstraint(condition=Q(approvals__gte=1), name="somebody_must_approve"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def clean(self) -> None:
        try:
            read_conditions(self.conditions)
        except ValueError as error:
            raise ValidationError({"conditions": str(error)}) from None
        if self.agent is not None and self.agent.workspace_id != self.workspace_id:
            raise ValidationError({"agent": "This agent belongs to another workspace."})

    def save(self, *args: Any, **options: Any) -> None:
        """Raise the version of a rule that was there before, even when two people save at once."""
        if self._state.adding:
            super().save(*args, **options)
            return
        self.version = F("version") + 1
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "version", "updated_at"}
        super().save(*args, **options)
        self.refresh_from_db(fields=["version"])
