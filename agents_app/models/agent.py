"""Software that answers customers."""

from django.core.validators import RegexValidator
from django.db import models

from sessions_app.models import Workspace
from sessions_app.models.workspace import name_validator

# No name or password in it: those belong into the environment.
HTTP_ADDRESS = r"^https?://[^\s/@?#]+(/[^\s?#]*)?$"
HTTP_ADDRESS_MEANS = "Give an address such as https://models.example.com/v1, without a password or a query."


class Agent(models.Model):
    """How one agent of a workspace thinks and what it may use."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="agents")
    name = models.CharField(max_length=60, validators=[name_validator])
    title = models.CharField(max_length=200, blank=True)
    # "demo" is the rule-based model that needs no network; anything else names a provider's model.
    model = models.CharField(max_length=200, default="demo")
    # A server that speaks the provider's protocol; blank: where the provider is. The provider's key goes there.
    base_url = models.CharField(
        "base URL", max_length=500, blank=True, validators=[RegexValidator(HTTP_ADDRESS, HTTP_ADDRESS_MEANS)]
    )
    instructions = models.TextField(blank=True)
    # Names of tools from the catalogue.
    tools = models.JSONField(default=list, blank=True)
    # What this agent's customers may see beyond the default: "reasoning", "tools", "decisions".
    shown_to_customers = models.JSONField(default=list, blank=True)
    # The agent that serves sessions which name none.
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_agent_per_name"),
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(is_default=True), name="one_default_agent"
            ),
            models.CheckConstraint(
                condition=models.Q(base_url="")
                | models.Q(base_url__startswith="http://")
                | models.Q(base_url__startswith="https://"),
                name="base_url_is_http",
            ),
        ]

    def __str__(self) -> str:
        return self.name
