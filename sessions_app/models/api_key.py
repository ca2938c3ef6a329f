"""Keys with which a product acts for a workspace."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sessions_app.models.workspace import Workspace

if TYPE_CHECKING:
    from datetime import datetime


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, at: "datetime | None" = None) -> "ApiKeyQuerySet":
        """Keys neither revoked nor expired."""
        now = at or timezone.now()
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


class ApiKey(models.Model):
    """A secret shown once and kept as a hash. `prefix.secret` on the wire; only the prefix is ever shown again."""

    class Scope(models.TextChoices):
        SESSIONS = "sessions", "open, read and close sessions"
        MESSAGES = "messages", "speak for the customer"
        TICKETS = "tickets", "hand out stream tickets"
        RUNS = "runs", "read, steer and cancel runs"
        PERMISSIONS = "permissions", "read and decide permission requests"
        OPERATOR = "operator", "see what operators see"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=16, unique=True)
    # SHA-256 of the secret. The secret is 256 random bits, so a slow hash would protect nothing.
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Written at most once a minute, so that a busy key does not turn each read into a write.
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.label or self.workspace})"

    def allows(self, scope: str) -> bool:
        return scope in self.scopes
