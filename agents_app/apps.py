from django.apps import AppConfig


class AgentsAppConfig(AppConfig):
    """Does agent work and asks people for permission."""

    name = "agents_app"
    verbose_name = "Agents"
