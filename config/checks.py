"""What `manage.py check` says of an installation beside Django's own warnings; most of it with `--deploy` alone."""

import re
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


def masks_can_be_used(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Found out when a process starts: found out at the first event, it would keep every event from the log."""
    patterns = settings.MASKED_PATTERNS
    if not isinstance(patterns, dict) or not all(isinstance(pattern, str) for pattern in patterns.values()):
        return [checks.Error("MASKED_PATTERNS is no JSON object of kinds and patterns.", id="handrail.E001")]
    return [problem for kind, pattern in patterns.items() if (problem := _problem(kind, pattern))]


def _problem(kind: str, pattern: str) -> checks.CheckMessage | None:
    try:
        empty = re.compile(pattern).match("")
    except re.error as error:
        return checks.Error(f"MASKED_PATTERNS: {kind!r} is no regular expression: {error}.", id="handrail.E001")
    return checks.Error(f"MASKED_PATTERNS: {kind!r} matches nothing at all.", id="handrail.E001") if empty else None
