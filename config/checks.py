"""What `manage.py check --deploy` says of an installation beside Django's own warnings."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


def customers_have_addresses(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Behind a proxy that is not counted every customer has the proxy's address, and one of them uses up its limits."""
    if not settings.CHAT_WORKSPACE or settings.TRUSTED_PROXIES:
        return []
    return [
        checks.Warning(
            "The chat page is open to everybody, and TRUSTED_PROXIES is 0.",
            hint="Say how many proxies of your own stand in front. Without it all customers seem to come from the "
            "proxy's address, and one of them can use up what an address may do.",
            id="handrail.W001",
        )
    ]


def exports_have_a_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A key made on one machine is another one on the next, and whoever verifies exports must know it before."""
    if settings.AUDIT_SIGNING_KEY:
        return []
    return [
        checks.Warning(
            "AUDIT_SIGNING_KEY is not set.",
            hint="Exports of the audit history are signed with a key that each machine makes for itself, in DATA_DIR. "
            ".env.example says how to make one for all of them.",
            id="handrail.W002",
        )
    ]
