"""Standing permissions: "always allow"."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from agents_app.models.policy_rule import words
from agents_app.policy import Role
from sessions_app.models import Session, Workspace


class GrantQuerySet(models.QuerySet["Grant"]):
    def live(self, at: datetime) -> "GrantQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def for_session(self, session: Session) -> "GrantQuerySet":
        """Grants whose scope takes this session in. A session without a customer shares none with others."""
        within = Q(scope=Grant.Scope.WORKSPACE) | Q(scope=Grant.Scope.SESSION, session=session)
        if session.customer:
            within |= Q(scope=Grant.Scope.CUSTOMER, customer=session.customer)
        return self.filter(within, workspace=session.workspace_id)


class Grant(models.Model):
    """A person's answer that also stands for later calls of one tool, until it ends or is revoked."""

    class Scope(models.TextChoices):
        SESSION = "session"
        CUSTOMER = "customer"
        WORKSPACE = "workspace"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="grants")
    # One tool by its name: a pattern would reach tools that do not exist yet.
    tool = models.CharField(max_length=100)
    # An argument that no condition names must be left out of the call.
    conditions = models.JSONField(default=list, blank=True)
    scope = models.CharField(max_length=20, choices=Scope)
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    customer = models.CharField(max_length=200, blank=True)
    # Whose call was approved with it. Its words are the session's, whatever its scope, and go when that is erased.
    given_in = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="grants_given")
    created_by = models.CharField(max_length=200)
    # As which its maker counted: an operator's grant answers no question that is for supervisors.
    role = models.CharField(max_length=20, choices=words(Role), default=Role.OPERATOR.value)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=200, blank=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="workspace", session=None, customer="")
                | Q(scope="session", session__isnull=False, customer="")
                | (Q(scope="customer", session=None) & ~Q(customer="")),
                name="grant_names_its_scope",
            )
        ]
        indexes = [models.Index(fields=["workspace", "expires_at"], name="grant_live")]

    def __str__(self) -> str:
        return f"{self.tool} for one {self.scope}"

    def shown_conditions(self) -> list[dict[str, Any]]:
        """The conditions as people may see them: one may hold a value that nobody is to read."""
        return [
            {**one, "value": self.workspace.masked({one["argument"]: one["value"]})[one["argument"]]}
            for one in self.conditions
        ]

    def use(self, at: datetime) -> bool:
        """Count a use. False when it was revoked or ended meanwhile."""
        live = Grant.objects.live(at).filter(pk=self.pk)
        return live.update(uses=F("uses") + 1, last_used_at=at) == 1
