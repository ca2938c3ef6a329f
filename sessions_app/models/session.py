"""A conversation, and what can be asked about conversations."""

import uuid

from django.db import models

from sessions_app.models.workspace import Workspace, name_validator


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, workspace: Workspace) -> "SessionQuerySet":
        return self.filter(workspace=workspace)

    def open(self) -> "SessionQuerySet":
        return self.exclude(status=Session.Status.CLOSED)

    def waiting(self) -> "SessionQuerySet":
        """Sessions nobody has picked up yet, longest wait first."""
        return self.filter(status=Session.Status.WAITING).order_by("status_changed_at")


class Session(models.Model):
    """One conversation with one customer, whoever is serving it."""

    class Status(models.TextChoices):
        ACTIVE = "active"  # an agent is serving
        WAITING = "waiting"  # a handoff was requested and not yet accepted
        STAFFED = "staffed"  # an operator is serving
        CLOSED = "closed"

    class BusyPolicy(models.TextChoices):
        """What happens when the customer speaks while a run of the session is unfinished."""

        QUEUE = "queue"  # it is answered when its turn comes
        REJECT = "reject"  # it is refused
        INTERRUPT = "interrupt"  # the run is stopped, and the message answered instead
        STEER = "steer"  # the run hears it while it works

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sessions")
    # What clients call it; unique within its workspace only.
    name = models.CharField(max_length=120, validators=[name_validator])
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    status_changed_at = models.DateTimeField(auto_now_add=True)
    # The agent that serves it, by name: this app does not know what an agent is.
    agent = models.CharField(max_length=60, blank=True)
    customer = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    busy_policy = models.CharField(max_length=20, choices=BusyPolicy, default=BusyPolicy.QUEUE)
    # Raised by every takeover; what an agent began under an older epoch can write nothing more.
    epoch = models.PositiveIntegerField(default=0)
    # The seq of the newest stored event. Bumped under a row lock, so a reader
    # that has seen seq N can never later discover a smaller one.
    last_seq = models.PositiveBigIntegerField(default=0)
    # Everything up to this seq was removed by retention; the log begins after it.
    pruned_seq = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_event_at = models.DateTimeField(auto_now_add=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_session_per_name")]
        indexes = [
            models.Index(fields=["workspace", "status", "status_changed_at"], name="session_queue"),
            models.Index(fields=["workspace", "-created_at", "-id"], name="session_newest"),
            models.Index(fields=["workspace", "last_event_at"], name="session_feed"),
        ]

    def __str__(self) -> str:
        return self.name
