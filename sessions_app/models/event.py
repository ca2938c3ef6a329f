"""The log's rows, and the words that are still being spoken."""

import uuid

from django.db import models

from sessions_app.models.session import Session


class StoredEvent(models.Model):
    """One durable event as it lies in the log. Never changed; removed only by retention, oldest first."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=40)
    data = models.JSONField()
    # A run belongs to another app, so its id is kept as a plain value.
    run = models.UUIDField(null=True, blank=True)
    visibility = models.CharField(max_length=20)
    # True when the agent's settings show customers the keys that are otherwise for operators.
    open = models.BooleanField(default=False)
    timestamp = models.DateTimeField()

    class Meta:
        ordering = ["session_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["session", "seq"], name="one_event_per_seq")]
        indexes = [models.Index(fields=["timestamp"], name="event_age")]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"


class Draft(models.Model):
    """A message or a thought that was started and is not settled: exactly the text the log does not hold yet.

    `text` is a checkpoint from the last few seconds; the newest text is kept beside the bus.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message"
        REASONING = "reasoning"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.MESSAGE)
    run = models.UUIDField(null=True, blank=True)
    visibility = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["started_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
