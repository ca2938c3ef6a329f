"""Who did what, kept for ever: one chain of entries per workspace."""

import json
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from sessions_app.audit.text import GENESIS
from sessions_app.models.workspace import Workspace

# How a command is told of the chain that belongs to no workspace.
NO_WORKSPACE = "-"


class AuditChainQuerySet(models.QuerySet["AuditChain"]):
    def named(self, name: str) -> "AuditChainQuerySet":
        """That of the workspace of this name; of none for "-"."""
        return self.filter(workspace=None) if name == NO_WORKSPACE else self.filter(workspace__name=name)


class AuditChain(models.Model):
    """The head of a workspace's audit history; without a workspace, of what belongs to none.

    Its row is locked by whoever writes an entry until they commit, so a chain never forks. A trigger lets it move
    only to the entry after.
    """

    workspace = models.OneToOneField(Workspace, null=True, on_delete=models.PROTECT, related_name="audit_chain")
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    objects = AuditChainQuerySet.as_manager()

    class Meta:
        constraints = [
            # A unique column may hold any number of NULLs.
            models.UniqueConstraint(Coalesce("workspace", 0), name="one_audit_chain_per_workspace"),
        ]

    def __str__(self) -> str:
        return self.workspace.name if self.workspace else "no workspace"


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, workspace: Workspace | None) -> "AuditQuerySet":
        return self.filter(chain__workspace=workspace)

    def erase(self) -> int:
        """Forget the private part. The only change that the table's triggers let through; to be recorded, see
        `services/audit_erasing.py`.
        """
        return self.update(private="")


class AuditEntry(models.Model):
    """One change of state and who made it. Written in the transaction of the change, never edited.

    `text` is the entry, and `hash` is its; it names the hash of the entry before as `prev`. The other columns repeat
    it for lists. `private` is what may be forgotten, kept in the text by its digest alone. Holds names and plain ids
    instead of foreign keys, so that nothing deleted later can change it.
    """

    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    text = models.TextField()
    private = models.TextField(blank=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    # "" for a customer, whose name is private.
    actor = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=60)
    session = models.UUIDField(null=True)
    target = models.CharField(max_length=80, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_audit_entry_per_seq"),
            models.UniqueConstraint(fields=["chain", "prev"], name="audit_chains_never_fork"),
        ]
        indexes = [
            models.Index(fields=["chain", "-at"], name="audit_newest"),
            models.Index(fields=["-at", "-id"], name="audit_newest_of_all"),
            models.Index(fields=["chain", "session"], name="audit_session"),
            models.Index(fields=["chain", "target"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.target}"

    @property
    def workspace(self) -> Workspace | None:
        return self.chain.workspace

    @property
    def erased(self) -> bool:
        return not self.private

    @property
    def actor_name(self) -> str:
        """Also a customer's, until it is forgotten."""
        return self.actor or str(self._kept.get("actor", ""))

    @property
    def session_name(self) -> str:
        return str(self._kept.get("session", ""))

    @property
    def reason(self) -> str:
        return str(self._kept.get("reason", ""))

    @property
    def details(self) -> dict[str, Any]:
        details: dict[str, Any] = self._kept.get("details", {})
        return details

    @property
    def _kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads(self.private) if self.private else {}
        return kept
