"""A conversation, and what can be asked about conversations."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from sessions_app.models.workspace import Workspace, name_validator


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, workspace: Workspace) -> "SessionQuerySet":
        return self.filter(workspace=workspace)

    def open(self) -> "SessionQuerySet":
        return self.exclude(status=Session.Status.CLOSED)

    def mentioning(self, words: str) -> "SessionQuerySet":
        """Sessions in whose name, customer or newest message these words are."""
        return self.filter(Q(name__icontains=words) | Q(customer__icontains=words) | Q(last_message__icontains=words))

    def waiting(self) -> "SessionQuerySet":
        """Sessions nobody has picked up yet, the most urgent first and among those the longest wait."""
        rows = self.filter(status=Session.Status.WAITING).annotate(urgency=URGENCY)
        return rows.order_by("-urgency", "status_changed_at", "id")


# How urgent each priority is, as a number the database can sort by.
URGENCY = Case(
    *(When(priority=word, then=Value(rank)) for rank, word in enumerate(("low", "normal", "high", "urgent"))),
    output_field=models.PositiveSmallIntegerField(),
)


class Session(models.Model):
    """One conversation with one customer, whoever is serving it."""

    class Status(models.TextChoices):
        ACTIVE = "active"  # an agent is serving
        WAITING = "waiting"  # a handoff was requested and not yet accepted
        STAFFED = "staffed"  # an operator is serving
        CLOSED = "closed"

    class Priority(models.TextChoices):
        """How soon a person is needed."""

        LOW = "low"
        NORMAL = "normal"
        HIGH = "high"
        URGENT = "urgent"

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
    # Who serves it while it is staffed.
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="serving"
    )
    # That of the newest handoff, until the agent serves again.
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    # The agent that serves it, by name: this app does not know what an agent is.
    agent = models.CharField(max_length=60, blank=True)
    customer = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    busy_policy = models.CharField(max_length=20, choices=BusyPolicy, default=BusyPolicy.QUEUE)
    # Raised by every takeover and every return; what an agent began under an older epoch can write nothing more.
    epoch = models.PositiveIntegerField(default=0)
    # The seq of the newest stored event. Bumped under a row lock, so a reader
    # that has seen seq N can never later discover a smaller one.
    last_seq = models.PositiveBigIntegerField(default=0)
    # Everything up to this seq was removed by retention; the log begins after it.
    pruned_seq = models.PositiveBigIntegerField(default=0)
    # When everything the customer said or was told was taken out of it.
    erased_at = models.DateTimeField(null=True, blank=True)
    # The beginning of the newest message that everybody may see.
    last_message = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_event_at = models.DateTimeField(auto_now_add=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_session_per_name"),
            models.CheckConstraint(
                condition=Q(operator__isnull=True) | Q(status="staffed"), name="operators_serve_staffed_sessions"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "status", "status_changed_at"], name="session_queue"),
            models.Index(fields=["workspace", "-created_at", "-id"], name="session_newest"),
            models.Index(fields=["workspace", "last_event_at"], name="session_feed"),
            # What retention looks through every minute: what is done is in neither.
            models.Index(
                fields=["workspace", "created_at"],
                condition=Q(status="closed", pruned_seq__lt=F("last_seq")),
                name="session_prunable",
            ),
            models.Index(
                fields=["workspace", "status_changed_at"],
                condition=Q(status="closed", erased_at=None),
                name="session_erasable",
            ),
            # For whoever sees all workspaces at once: what was opened when, and what is open.
            models.Index(fields=["-created_at", "-id"], name="session_newest_of_all"),
            models.Index(fields=["status"], condition=~Q(status="closed"), name="session_open"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_metadata(self) -> dict[str, Any]:
        """What the product keeps with the session, as people may see it."""
        return dict(self.workspace.masked(self.metadata))

    @property
    def waiting_since(self) -> datetime | None:
        return self.status_changed_at if self.status == self.Status.WAITING else None
