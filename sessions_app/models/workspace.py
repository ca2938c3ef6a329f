"""The tenant, and who belongs to it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from sessions_app.masking.fields import check_names, masked
from sessions_app.opening_hours import known_zone, read_hours


def check_zone(name: str) -> None:
    if not known_zone(name):
        raise ValidationError("This is no IANA time zone. One looks like Europe/Berlin.")


def check_hours(value: Any) -> None:
    try:
        read_hours(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def check_masked_fields(value: Any) -> None:
    try:
        check_names(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class Workspace(models.Model):
    """One tenant. Nothing in one workspace can be seen or touched from another."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(
        max_length=60, default="UTC", validators=[check_zone], help_text="An IANA name, such as Europe/Berlin."
    )
    opening_hours = models.JSONField(
        default=dict,
        blank=True,
        validators=[check_hours],
        help_text='When people are there, in this time zone: {"mon": [["09:00", "12:30"], ["13:30", "18:00"]]}. '
        "The days are mon tue wed thu fri sat sun; one that is left out is closed. Empty: always open.",
    )
    after_hours_text = models.TextField(
        blank=True, max_length=2000, help_text="What a customer is told who asks for a person outside these hours."
    )
    # How long a customer may wait for a person before the queue shows it.
    sla_warning_seconds = models.PositiveIntegerField("SLA warning (seconds)", default=60)
    sla_breach_seconds = models.PositiveIntegerField(
        "SLA breach (seconds)", default=300, validators=[MinValueValidator(1)]
    )
    # Of closed sessions. None: as the settings say; 0: for ever.
    event_retention_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How long events of closed sessions are kept. Empty: as the installation says. 0: for ever.",
    )
    transcript_retention_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How long after its end a session's words are kept, all of them. Then nothing but numbers is left, "
        "and nobody can bring them back. Empty: as the installation says. 0: for ever.",
    )
    masked_fields = models.JSONField(
        default=list,
        blank=True,
        validators=[check_masked_fields],
        help_text='Names of arguments and results that nobody is to read: ["passport_number", "*_pin"]. '
        "In capital or small letters, with or without _ and -; beside those of the installation.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sla_warning_seconds__lte=F("sla_breach_seconds")),
                name="warning_before_breach",
                violation_error_message="The warning comes before the breach.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def masked(self, value: Any) -> Any:
        """A tool's arguments, its result, or a text, as people may see it."""
        return masked(value, self.masked_fields)


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
