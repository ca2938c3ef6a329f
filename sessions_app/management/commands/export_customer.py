"""Handing a customer their data."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from sessions_app.actors import SYSTEM
from sessions_app.exceptions import NotFound
from sessions_app.management.workspaces import workspace_named
from sessions_app.models import Workspace
from sessions_app.services.customer_export import export_customer


class Command(BaseCommand):
    help = "Write what a customer said and was told in a workspace to a file, as JSON. PRIVACY.md describes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace")
        parser.add_argument("customer", help="as sessions name them; a visitor is visitor-…")
        parser.add_argument("--output", required=True, help="a new file, which nobody else may read; - for the screen")
        parser.add_argument("--reason", default="", help="kept in the audit history")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace, output = workspace_named(options["workspace"]), options["output"]
        if output == "-":
            self.stdout.writelines(self._pieces(workspace, options))
            return
        # The file comes first: an export that cannot be written is none, and not audited as one.
        with _new_file(output) as file:
            try:
                file.writelines(self._pieces(workspace, options))
            except CommandError:
                Path(output).unlink()
                raise
        self.stdout.write(f"Wrote {output}.")

    def _pieces(self, workspace: Workspace, options: dict[str, Any]) -> Iterator[str]:
        try:
            return export_customer(workspace, options["customer"], actor=SYSTEM, reason=options["reason"])
        except NotFound as error:
            raise CommandError(error.detail) from None


def _new_file(path: str) -> TextIO:
    """Nobody's file is written over, and no other user reads this one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be made: {error.strerror}.") from None
    return os.fdopen(descriptor, "w", encoding="utf-8")
