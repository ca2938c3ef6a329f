"""Answers already given, so that a repeated request is answered again instead of done again."""

from django.db import models

from sessions_app.models.session import Session


class IdempotentRequest(models.Model):
    """One Idempotency-Key a client used in a session, what it asked and what it was told."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="idempotent_requests")
    key = models.CharField(max_length=200)
    # SHA-256 of the canonical request body: another body under the same key is an error of the client's.
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
