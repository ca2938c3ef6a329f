"""Texts that operators say often."""

from django.db import models

from sessions_app.models.workspace import Workspace


class CannedReplyQuerySet(models.QuerySet["CannedReply"]):
    def in_language(self, language: str) -> "list[CannedReply]":
        """One reply per shortcut, the nearest to a language: its own, of its main language, or without a language.

        Those of the language itself come first: `fr-ca` before `fr` before the rest.
        """
        wanted = [language.lower(), language.lower().partition("-")[0], ""]
        ranked = sorted(
            ((wanted.index(reply.language.lower()), reply) for reply in self if reply.language.lower() in wanted),
            key=lambda pair: (pair[0], pair[1].shortcut),
        )
        nearest: dict[str, CannedReply] = {}
        for _, reply in ranked:
            nearest.setdefault(reply.shortcut, reply)
        return list(nearest.values())


class CannedReply(models.Model):
    """A text an operator finds by its shortcut, in one language or for all."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="canned_replies")
    shortcut = models.SlugField(max_length=60, help_text="What is typed after the slash, such as refund-sent.")
    # As sessions have it, such as en or zh-hans.
    language = models.CharField(
        max_length=20, blank=True, help_text="Such as en. Empty: for every language that has none of its own."
    )
    text = models.TextField(max_length=10_000)

    objects = CannedReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "canned replies"
        ordering = ["shortcut", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "shortcut", "language"], name="one_canned_reply_per_shortcut_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shortcut} ({self.language})" if self.language else self.shortcut
