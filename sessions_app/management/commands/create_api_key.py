"""Give a product a key."""

import re
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sessions_app.actors import SYSTEM
from sessions_app.exceptions import Unprocessable
from sessions_app.models import Workspace
from sessions_app.services.api_keys import create_api_key

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Command(BaseCommand):
    help = "Create an API key and print it, alone, on standard output. It is not kept and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace")
        parser.add_argument("--scopes", default="all", help="all, or scopes separated by commas")
        parser.add_argument("--expires", default="", help="30d, 12h or 90m; without it the key does not expire")
        parser.add_argument("--label", default="", help="what the key is for")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(name=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {options['workspace']!r}.")
        lifetime = _lifetime(options["expires"])
        try:
            _, text = create_api_key(
                workspace,
                [scope.strip() for scope in options["scopes"].split(",")],
                actor=SYSTEM,
                label=options["label"],
                expires_at=timezone.now() + lifetime if lifetime else None,
            )
        except Unprocessable as error:
            raise CommandError(error.detail) from None
        self.stdout.write(text)


def _lifetime(text: str) -> timedelta | None:
    if not text:
        return None
    found = re.fullmatch(r"(\d+)([mhd])", text)
    if found is None:
        raise CommandError("--expires takes a number and m, h or d: 30d.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})
