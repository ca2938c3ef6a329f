"""Suggestions that operators ask agents for."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents_app.models.agent import Agent
from agents_app.models.run import first_reminder
from sessions_app.models import Session


def end_of_patience() -> datetime:
    return timezone.now() + timedelta(seconds=settings.DRAFT_REPLY_SECONDS)


class DraftReplyQuerySet(models.QuerySet["DraftReply"]):
    def unfinished(self) -> "DraftReplyQuerySet":
        return self.filter(status__in=DraftReply.UNFINISHED)

    def overdue(self, at: datetime) -> "DraftReplyQuerySet":
        """Those nobody waits for any more: their message or their worker is lost, or the model is too slow."""
        return self.unfinished().filter(expires_at__lte=at).order_by("expires_at")

    def forgotten(self, at: datetime) -> "DraftReplyQuerySet":
        """Those no worker has taken up for a while: their message may be lost."""
        return self.filter(status=DraftReply.Status.QUEUED, remind_at__lte=at, expires_at__gt=at).order_by("remind_at")


class DraftReply(models.Model):
    """One request to a session's agent to write what an operator could say next. The text goes into the log alone."""

    class Status(models.TextChoices):
        QUEUED = "queued"  # no worker has begun
        WORKING = "working"  # a worker asks the model
        COMPLETED = "completed"
        FAILED = "failed"

    UNFINISHED = (Status.QUEUED, Status.WORKING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="draft_replies")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="draft_replies")
    status = models.CharField(max_length=20, choices=Status, default=Status.QUEUED)
    # The user name of the operator.
    requested_by = models.CharField(max_length=200)
    error_code = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When the sweep gives up on it, wherever it is by then.
    expires_at = models.DateTimeField(default=end_of_patience)
    # When the queue is reminded of it, should no worker have taken it up by then.
    remind_at = models.DateTimeField(default=first_reminder)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DraftReplyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "draft replies"
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(status__in=["queued", "working"]),
                name="one_draft_reply_in_progress_per_session",
            )
        ]
        indexes = [models.Index(fields=["status", "expires_at"], name="draft_reply_deadlines")]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"
