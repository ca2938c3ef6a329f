"""Find out whether the audit history is what was written."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.audit.verifying import Report
from sessions_app.models import AuditChain, Workspace
from sessions_app.services.anchors import check_anchors
from sessions_app.services.audit_reading import verify_chain, without_history


class Command(BaseCommand):
    help = (
        "Verify the audit history: every entry's hash, its place, and that none is missing. Names the first broken "
        "entry of each chain, and then ends with 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--workspace", metavar="NAME", help="only this workspace's chain; - for what belongs to none"
        )
        parser.add_argument(
            "--since",
            metavar="YYYY-MM-DD",
            type=date.fromisoformat,
            help="from this day's first entry on; in UTC",
        )
        parser.add_argument(
            "--anchors", metavar="FILE", type=Path, help="look for each anchor in this file, as AUDIT_ANCHOR wrote it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        workspace, anchors = options["workspace"], options["anchors"]
        gone = without_history(workspace)
        chains = self._chains(workspace, gone)
        if workspace is not None and not (chains or gone or anchors):
            raise CommandError(f"There is no audit history of a workspace {workspace!r}.", returncode=2)
        day = options["since"]
        since = datetime.combine(day, time(), UTC) if day else None
        broken = len(gone) + sum(not self._is_whole(chain, since) for chain in chains)
        for each in gone:
            self.stdout.write(f"{each}: BROKEN, sessions were opened here, and the chain that says so is gone")
        lost = self._lost_anchors(anchors, workspace) if anchors else 0
        if broken or lost:
            of = len(chains) + len(gone)
            raise CommandError(
                f"The audit history was tampered with: {broken} broken of {of} chains, {lost} anchors lost."
            )

    def _chains(self, workspace: str | None, gone: list[Workspace]) -> list[AuditChain]:
        chains = AuditChain.objects.exclude(workspace__in=gone).select_related("workspace").order_by("pk")
        return list(chains if workspace is None else chains.named(workspace))

    def _is_whole(self, chain: AuditChain, since: datetime | None) -> bool:
        report = verify_chain(chain, since=since)
        if report.broken is not None:
            self.stdout.write(f"{chain}: BROKEN, {report.broken}")
            return False
        end = f" It ends with entry {report.last.seq}, hash {report.last.hash}." if report.last.seq else ""
        said = f"{chain}: as it was written. Entries verified: {report.entries}.{end}"
        self.stdout.write(f"{said}{_erasures(report)}")
        return True

    def _lost_anchors(self, path: Path, workspace: str | None) -> int:
        """How many anchors tell of an entry that the chain has not, or has otherwise."""
        found = lost = 0
        try:
            with path.open(encoding="utf-8") as lines:
                for anchor, is_there in check_anchors(lines, workspace=workspace):
                    found += 1
                    if not is_there:
                        lost += 1
                        name = anchor.workspace or "no workspace"
                        self.stdout.write(
                            f"{name}: BROKEN, entry {anchor.seq} is not the one that was anchored on {anchor.at}"
                        )
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read: {error}", returncode=2) from error
        if not found:
            raise CommandError(f"{path} holds no anchor of these chains.", returncode=2)
        self.stdout.write(f"{found - lost} of {found} anchors are in their chains.")
        return lost


def _erasures(report: Report) -> str:
    """Whoever reads this knows which erasures were asked for: a record that nobody asked for is seen here alone."""
    if not (report.erased or report.records):
        return ""
    names = ", ".join(map(str, report.newest_records))
    newest = "the newest are " if report.records > len(report.newest_records) else ""
    return (
        f" Private parts that were forgotten: {report.erased}. Entries that say so: {report.records} ({newest}{names})."
    )
