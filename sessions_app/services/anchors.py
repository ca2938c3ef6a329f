"""Saying where the audit chains are, so that a chain that was written anew is found by what was said before."""

import logging
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sessions_app.audit.anchors import Anchor, anchor, read_anchors
from sessions_app.audit.verifying import Link
from sessions_app.models import AuditChain, AuditEntry
from sessions_app.models.audit import NO_WORKSPACE

logger = logging.getLogger("handrail.audit")
TO_LOG = "log"
BATCH = 500


class Anchors:
    """Publishes the heads that have moved. A process that begins publishes all of them once."""

    def __init__(self) -> None:
        self._said: dict[int, int] = {}

    def publish(self) -> int:
        """Write a line for each to where AUDIT_ANCHOR says. Returns how many.

        What could not be written is due again.
        """
        chains = AuditChain.objects.filter(seq__gt=0).select_related("workspace")
        moved = [chain for chain in chains if self._said.get(chain.pk) != chain.seq]
        now = timezone.now()
        lines = [anchor(Link(chain.seq, chain.hash), chain=chain.pk, workspace=_name(chain), at=now) for chain in moved]
        if lines:
            _write(lines)
        self._said.update({chain.pk: chain.seq for chain in moved})
        return len(lines)


def check_anchors(lines: Iterable[str], *, workspace: str | None = None) -> Iterator[tuple[Anchor, bool]]:
    """Each anchor among the lines, or each of this workspace, and whether its chain still has that entry.

    A chain that is gone has none. So a workspace's anchors are also known by its name, which they say themselves.
    """
    named: set[int] = (
        set() if workspace is None else set(AuditChain.objects.named(workspace).values_list("pk", flat=True))
    )
    anchors = (
        each
        for each in read_anchors(lines)
        if workspace is None or each.chain in named or (each.workspace or NO_WORKSPACE) == workspace
    )
    while batch := list(islice(anchors, BATCH)):
        rows = AuditEntry.objects.filter(chain__in={each.chain for each in batch}, seq__in={each.seq for each in batch})
        there = set(rows.values_list("chain", "seq", "hash"))
        for each in batch:
            yield each, (each.chain, each.seq, each.hash) in there


def _name(chain: AuditChain) -> str:
    return chain.workspace.name if chain.workspace else ""


def _write(lines: list[str]) -> None:
    if settings.AUDIT_ANCHOR == TO_LOG:
        for line in lines:
            logger.info(line)
        return
    with Path(settings.AUDIT_ANCHOR).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
