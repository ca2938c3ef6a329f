"""Tools that are not ours: servers of the Model Context Protocol."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from agents_app.models.agent import HTTP_ADDRESS, HTTP_ADDRESS_MEANS, Agent
from sessions_app.models import Workspace

prefix_validator = RegexValidator(r"^[a-z][a-z0-9_]*$", "Use lower-case letters, digits and _ only.")
VARIABLE = RegexValidator(r"^[A-Za-z_][A-Za-z0-9_]*$")


class McpServer(models.Model):
    """A program or an address whose tools the attached agents may use. It holds no secret, only names of variables."""

    class Transport(models.TextChoices):
        STDIO = "stdio"
        HTTP = "http", "streamable HTTP"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="mcp_servers")
    agents = models.ManyToManyField(Agent, blank=True, related_name="mcp_servers")
    name = models.CharField(max_length=60)
    # Its tools are called `prefix_tool`.
    prefix = models.CharField(max_length=20, validators=[prefix_validator])
    transport = models.CharField(max_length=10, choices=Transport, default=Transport.HTTP)
    # For stdio: a program on the worker's machine and its arguments. No shell is involved.
    command = models.CharField(max_length=500, blank=True)
    args = models.JSONField(default=list, blank=True)
    # For stdio: names of the worker's environment variables that the program gets.
    environment = models.JSONField(default=list, blank=True)
    # For streamable HTTP.
    url = models.CharField(
        "URL", max_length=500, blank=True, validators=[RegexValidator(HTTP_ADDRESS, HTTP_ADDRESS_MEANS)]
    )
    # For streamable HTTP: the variable that holds the bearer token, if the server wants one.
    token_variable = models.CharField(max_length=100, blank=True, validators=[VARIABLE])
    risk_level = models.CharField(
        max_length=20, choices=[("low", "low"), ("medium", "medium"), ("high", "high")], default="medium"
    )
    # Whether a person is asked before one of its tools runs.
    asks = models.BooleanField(default=True)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "MCP server"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_mcp_server_per_name"),
            models.UniqueConstraint(fields=["workspace", "prefix"], name="one_mcp_server_per_prefix"),
            models.CheckConstraint(
                condition=(Q(transport="stdio") & ~Q(command="") & Q(url=""))
                | (Q(transport="http", command="") & (Q(url__startswith="http://") | Q(url__startswith="https://"))),
                name="mcp_server_can_be_reached",
                violation_error_message="Give a command for stdio, or an http:// or https:// URL for streamable HTTP.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not _are_texts(self.args):
            raise ValidationError({"args": "Give a list of texts."})
        if not _are_texts(self.environment):
            raise ValidationError({"environment": "Give a list of names of variables."})
        for name in self.environment:
            VARIABLE(name)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
