"""A stretch of agent work, and the conversation it leaves behind."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from agents_app.models.agent import Agent
from sessions_app.models import Session

# A message normally finds a worker within milliseconds.
FIRST_REMINDER = timedelta(seconds=5)


def first_reminder() -> datetime:
    return timezone.now() + FIRST_REMINDER


class RunQuerySet(models.QuerySet["Run"]):
    def unfinished(self) -> "RunQuerySet":
        return self.filter(status__in=Run.UNFINISHED)

    def held(self, run: "Run") -> "RunQuerySet":
        """The run's row, while the worker that claimed this attempt still holds it."""
        return self.filter(pk=run.pk, attempt=run.attempt, status=Run.Status.RUNNING)

    def overdue(self, at: datetime) -> "RunQuerySet":
        """Claimed runs whose worker has not been heard of for a whole lease."""
        return self.filter(status=Run.Status.RUNNING, lease_until__lt=at)

    def forgotten(self, at: datetime) -> "RunQuerySet":
        """Runs a worker could take up, but no worker has for a while: their message may be lost."""
        busy = Run.objects.filter(session=OuterRef("session"), status__in=Run.ACTIVE)
        in_line = Q(status=Run.Status.QUEUED) & Exists(busy)
        return self.filter(status__in=Run.CLAIMABLE, remind_at__lte=at).exclude(in_line).order_by("remind_at")

    def ready(self) -> "RunQuerySet":
        """Runs that a worker could take up, oldest first."""
        return self.filter(status__in=Run.CLAIMABLE).order_by("created_at")


class Run(models.Model):
    """One stretch of agent work in a session: from what was said to the answer, across any number of pauses."""

    class Status(models.TextChoices):
        QUEUED = "queued"  # nobody has started it
        RUNNING = "running"  # claimed by a worker, under a lease
        WAITING = "waiting"  # parked: a person has to answer first
        RESUMING = "resuming"  # answered; the next worker may go on
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    # Work has begun and is not over. At most one such run in a session.
    ACTIVE = (Status.RUNNING, Status.WAITING, Status.RESUMING)
    UNFINISHED = (Status.QUEUED, *ACTIVE)
    CLAIMABLE = (Status.QUEUED, Status.RESUMING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="runs")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="runs")
    status = models.CharField(max_length=20, choices=Status, default=Status.QUEUED)
    prompt = models.TextField()
    # Whose words it works on, each as "kind:name": who had it started, and who answered its questions.
    requesters = models.JSONField(default=list)
    # The message it answers; None when it answers several.
    message_id = models.UUIDField(null=True, blank=True)
    # The conversation holds the prompt already, so a later attempt must not say it again.
    prompted = models.BooleanField(default=False)
    # The session's epoch when it began: after a takeover or a return it can write nothing more.
    epoch = models.PositiveIntegerField(default=0)
    # Counts claims. Every write of a worker names the attempt it holds.
    attempt = models.PositiveIntegerField(default=0)
    # Counts claims that ended in silence; reset by nothing.
    stalls = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    # The actor, as kind, name and role.
    cancel_requested_by = models.JSONField(null=True, blank=True)
    # When the queue is reminded of it, should no worker have taken it up by then.
    remind_at = models.DateTimeField(default=timezone.now)
    usage = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(status__in=["running", "waiting", "resuming"]),
                name="one_active_run_per_session",
            )
        ]
        indexes = [
            models.Index(fields=["status", "lease_until"], name="run_leases"),
            models.Index(fields=["status", "remind_at"], name="run_reminders"),
            models.Index(fields=["session", "-created_at"], name="run_newest"),
            models.Index(fields=["-created_at", "-id"], name="run_newest_of_all"),
            models.Index(fields=["ended_at", "status"], name="run_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"

    def add_requester(self, actor: str) -> None:
        """The caller holds the session's lock and has read the run under it."""
        if actor not in self.requesters:
            self.requesters = [*self.requesters, actor]
            self.save(update_fields=["requesters"])

    def claim(self, lease_seconds: float) -> bool:
        """Move to running under a lease. False when it is taken, finished, or the session is busy with another."""
        now = timezone.now()
        claimable = Run.objects.filter(pk=self.pk, status__in=self.CLAIMABLE)
        try:
            with transaction.atomic():
                claimed = claimable.update(
                    status=self.Status.RUNNING,
                    attempt=F("attempt") + 1,
                    lease_until=now + timedelta(seconds=lease_seconds),
                    started_at=Coalesce("started_at", Value(now)),
                )
        except IntegrityError:  # one_active_run_per_session: its turn comes when the other ends
            return False
        if claimed:
            self.refresh_from_db()
        return bool(claimed)


class Conversation(models.Model):
    """What the model remembers of a session, in the engine's own form."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="conversation")
    text = models.TextField(blank=True)
    # On whose words every run works that reads the notes in it, each as "kind:name".
    requesters = models.JSONField(default=list)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"conversation of {self.session}"
