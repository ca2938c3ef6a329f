"""Who did what, kept for ever."""

from django.db import models

from sessions_app.models.workspace import Workspace


class AuditEntry(models.Model):
    """One change of state and who made it. Written in the transaction of the change, never edited.

    Holds names and plain ids instead of foreign keys, so that nothing deleted later can change it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="audit_entries")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=200)
    role = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=60)
    session = models.CharField(max_length=120, blank=True)
    target = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["workspace", "-at"], name="audit_newest"),
            models.Index(fields=["workspace", "session"], name="audit_session"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"
