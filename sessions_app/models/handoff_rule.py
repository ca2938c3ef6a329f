"""When a workspace wants a person without anybody asking for one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from sessions_app.models.session import Session
from sessions_app.models.workspace import Workspace


def check_keywords(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise ValidationError('Keywords are a list of words or phrases: ["real person", "complaint"].')


class HandoffRule(models.Model):
    """One reason for which a session the agent serves is put before people."""

    class Kind(models.TextChoices):
        """The words are those of `Handoff.Trigger`."""

        KEYWORD = "keyword", "keyword: the customer says one of these"
        FAILURES = "failures", "failures: so many runs failed one after the other"
        LOW_CONFIDENCE = "low_confidence", "low confidence: the agent is less sure than this"
        VIP = "vip", 'vip: the session\'s metadata has "vip": true; once in a session'

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="handoff_rules")
    # Shown to whoever takes the session over, and kept in the audit entry.
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind)
    keywords = models.JSONField(
        default=list,
        blank=True,
        validators=[check_keywords],
        help_text='For keyword: ["real person", "complaint"]. Whole words, in capital or small letters.',
    )
    failures = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="For failures: how many."
    )
    confidence = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="For low confidence: from 0 to 1.",
    )
    priority = models.CharField(max_length=10, choices=Session.Priority, default=Session.Priority.NORMAL)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["workspace", "name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_handoff_rule_per_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        needed = {self.Kind.KEYWORD: "keywords", self.Kind.FAILURES: "failures", self.Kind.LOW_CONFIDENCE: "confidence"}
        field = needed.get(self.Kind(self.kind)) if self.kind in self.Kind.values else None
        if field is not None and getattr(self, field) in (None, [], {}):
            raise ValidationError({field: f"A rule of the kind {self.kind} needs this."})
