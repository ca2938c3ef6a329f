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

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="handoffs")
    status = models.CharField(max_length=20, choices=Status, default=Status.REQUESTED)
    reason = models.TextField(blank=True)
    requested_by = models.CharField(max_length=200)
    requested_at = models.DateTimeField(auto_now_add=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="handoffs"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

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

    def __str__(self) -> str:
        return f"{self.session} {self.status}"
