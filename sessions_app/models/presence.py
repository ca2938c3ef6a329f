"""Where the operators of a workspace are looking."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from sessions_app.models.session import Session
from sessions_app.models.workspace import Workspace


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self, workspace_id: int) -> "PresenceQuerySet":
        """Those a workspace has heard of lately, by name. Who has left is simply not heard of any more."""
        since = timezone.now() - timedelta(seconds=settings.PRESENCE_SECONDS)
        rows = self.filter(workspace=workspace_id, seen_at__gt=since)
        return rows.select_related("user", "session").order_by("user__username")


class Presence(models.Model):
    """One person in one workspace: which session they had open, and when they were last heard of."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    # None: at the queue.
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="presences")
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["workspace", "user"]
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_presence_per_person")]

    def __str__(self) -> str:
        return f"{self.user} at {self.session or 'the queue'}"
