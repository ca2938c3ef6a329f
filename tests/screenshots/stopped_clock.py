"""Settings of a web process for which it is always the afternoon of the pictures, as `clockwork` has it."""

from datetime import UTC, datetime

from django.utils import timezone

from config.settings.local import *  # noqa: F403

NOW = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
timezone.now = lambda: NOW
