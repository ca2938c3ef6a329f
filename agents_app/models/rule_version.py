"""How rules read before, and who changed them."""

from django.db import models
from django.utils import timezone

from agents_app.models.policy_rule import PolicyRule
from sessions_app.models import Workspace


class RuleVersion(models.Model):
    """The wording of a rule under one number, who made it so, and why. Never changed, and kept when the rule is gone.

    A rule keeps its workspace and its name, so these two find its past. A new rule of an old name counts on from the
    old one: what a request calls "refunds v3" is one wording for ever.
    """

    class Change(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        RESTORED = "restored"
        DELETED = "deleted"
        FOUND = "found"  # it was there before its history was kept

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="rule_versions")
    name = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    # Every field of the rule; the agent by its name, "" for every agent. Of a deletion: what was deleted.
    wording = models.JSONField()
    actor = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name", "number"], name="one_wording_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


def wording_of(rule: PolicyRule) -> dict[str, object]:
    """What a rule says, as its versions keep it."""
    agent = rule.agent.name if rule.agent else ""
    return {"agent": agent, **{field: getattr(rule, field) for field in PolicyRule.WORDING}}
