"""Hand the audit history out, signed."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.actors import SYSTEM
from sessions_app.audit.signing import public_text
from sessions_app.models import AuditChain
from sessions_app.services.audit_export import export_chain
from sessions_app.services.audit_key import signing_key


class Command(BaseCommand):
    help = "Write a workspace's audit history as signed JSON lines, which sessions_app/AUDIT.md says how to verify."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace", nargs="?", help="its name; - for what belongs to none")
        parser.add_argument(
            "--since", metavar="YYYY-MM-DD", type=date.fromisoformat, help="from this day's first entry on; in UTC"
        )
        parser.add_argument("--output", metavar="FILE", type=Path, help="a new file, which only you can read")
        parser.add_argument("--public-key", action="store_true", help="only print the key that verifies exports")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["public_key"]:
            self.stdout.write(public_text(signing_key()))
            return
        if options["workspace"] is None:
            raise CommandError("Name a workspace, or - for what belongs to none.", returncode=2)
        chain = AuditChain.objects.named(options["workspace"]).select_related("workspace").first()
        if chain is None:
            raise CommandError(f"There is no audit history of a workspace {options['workspace']!r}.", returncode=2)
        path = options["output"]
        if path is not None:
            self._make(path)
        since = datetime.combine(options["since"], time(), UTC) if options["since"] else None
        lines = export_chain(chain, actor=SYSTEM, since=since)
        if path is None:
            for line in lines:
                self.stdout.write(line, ending="")
            return
        with path.open("w") as file:
            file.writelines(lines)
        self.stdout.write(f"{chain}: written to {path}. Verify it with the public key {public_text(signing_key())}")

    def _make(self, path: Path) -> None:
        try:
            path.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise CommandError(f"{path} cannot be made: {error.strerror}", returncode=2) from error
