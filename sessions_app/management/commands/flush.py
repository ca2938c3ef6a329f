"""Django's, which says why it fails here."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import IntegrityError


class Command(flush.Command):
    help = "Remove all data; refused, because the audit history is append-only."

    def handle(self, **options: Any) -> None:
        """As Django does. Where the triggers have been taken away, as in tests, it succeeds."""
        try:
            super().handle(**options)
        except CommandError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            raise CommandError(
                f"Nothing was removed: {str(error.__cause__).splitlines()[0]} To begin anew, begin with a new database."
            ) from error
