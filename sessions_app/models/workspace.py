"""The tenant, and who belongs to it."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models


class Workspace(models.Model):
    """One tenant. Nothing in one workspace can be seen or touched from another."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a workspace."""

    class Role(models.TextChoices):
        OPERATOR = "operator"
        SUPERVISOR = "supervisor"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role, default=Role.OPERATOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "workspace"], name="one_membership_per_workspace")]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace} as {self.role}"


# What a name may look like wherever a client chooses it: it appears in paths, logs and SSE ids. \Z, because $ would
# let a newline at the end pass.
name_validator = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._:@-]*\Z", "Use letters, digits and . _ : @ - only.")
