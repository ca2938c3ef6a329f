"""Words for a run that is at work."""

from django.db import models
from django.db.models import Q

from agents_app.models.run import Run


class SteeringQuerySet(models.QuerySet["Steering"]):
    def unheard(self) -> "SteeringQuerySet":
        """What is in no stored conversation yet: nobody has read it out, or the worker that had has died since."""
        return self.filter(kept=False).order_by("id")

    def untold(self, run: Run) -> "SteeringQuerySet":
        """What this attempt of the run has not been told yet."""
        return self.unheard().filter(run=run).exclude(told_in_attempt=run.attempt)


class Steering(models.Model):
    """Something said to a run while it works. It is told between two steps, and kept with the next checkpoint."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steerings")
    message_id = models.UUIDField(unique=True)
    text = models.TextField()
    # The attempt that was told; 0 while none was.
    told_in_attempt = models.PositiveIntegerField(default=0)
    # Whether a stored conversation holds it, so that no later attempt needs to be told.
    kept = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SteeringQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["run"], condition=Q(kept=False), name="steering_unheard")]

    def __str__(self) -> str:
        return f"{self.message_id} for {self.run_id}"
