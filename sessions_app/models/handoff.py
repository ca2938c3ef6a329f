"""A session on its way from an agent to a person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions_app.models.session import Session


class HandoffQuerySet(models.QuerySet["Handoff"]):
    def open(self) -> "HandoffQuerySet":
        """Handoffs that are not over."""
        return self.filter(status__in=[Handoff.Status.REQUESTED, Handoff.Status.ACCEPTED])


class Handoff(models.Model):
    """One request for a person, from the asking to its end."""

    class Status(models.TextChoices):
        REQUESTED = "requested"
        ACCEPTED = "accepted"
        RETURNED = "returned"
        CLOSED = "closed"

    class Trigger(models.TextChoices):
        """Why a person was asked for: somebody's wish, or a rule of the workspace."""

        CUSTOMER = "customer"
        AGENT = "agent"
        OPERATOR = "operator"
        KEYWORD = "keyword"
        FAILURES = "failures"
        LOW_CONFIDENCE = "low_confidence"
        VIP = "vip"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="handoffs")
    status = models.CharField(max_length=20, choices=Status, default=Status.REQUESTED)
    reason = models.TextField(blank=True)
    priority = models.CharField(max_length=10, choices=Session.Priority, default=Session.Priority.NORMAL)
    trigger = models.CharField(max_length=20, choices=Trigger, default=Trigger.CUSTOMER)
    requested_by = models.CharField(max_length=200)
    requested_at = models.DateTimeField(auto_now_add=True)
    # What was said after this seq was said to people: the agent learns of it when it gets the session back.
    since_seq = models.PositiveBigIntegerField(default=0)
    # Who has spoken since, for the customer or to them, each as "kind:name".
    speakers = models.JSONField(default=list)
    after_hours_told = models.BooleanField(default=False)
    # Who serves, or who served last.
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="handoffs"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What the agent is told of the human part, in the words of whoever gave the session back.
    summary = models.TextField(blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(status__in=["requested", "accepted"]),
                name="one_open_handoff_per_session",
            )
        ]
        indexes = [
            models.Index(fields=["session", "-requested_at"], name="handoff_newest"),
            models.Index(fields=["-requested_at"], name="handoff_newest_of_all"),
            models.Index(fields=["-accepted_at"], name="handoff_accepted"),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.status}"
