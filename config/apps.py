from django.apps import AppConfig


class HandrailConfig(AppConfig):
    """Puts the rooms together: settings, addresses, and the commands that run the processes."""

    name = "config"
    label = "handrail_config"
    verbose_name = "Handrail"
