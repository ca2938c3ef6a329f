from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register

from config.checks import customers_have_addresses, exports_have_a_key, masks_can_be_used


class HandrailConfig(AppConfig):
    """Puts the rooms together: settings, addresses, and the commands that run the processes."""

    name = "config"
    label = "handrail_config"
    verbose_name = "Handrail"

    def ready(self) -> None:
        register(customers_have_addresses, Tags.security, deploy=True)
        register(exports_have_a_key, Tags.security, deploy=True)
        register(masks_can_be_used)
        # Now, because it needs the models.
        import_module("config.logins")
