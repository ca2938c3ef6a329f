"""Fills a chain and works the figures out. Started by `audit_chain`."""

import json
import resource
import sys
import time

import django

django.setup(set_prefix=False)

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from sessions_app.actors import SYSTEM  # noqa: E402
from sessions_app.audit.verifying import START, Link  # noqa: E402
from sessions_app.models import AuditChain, AuditEntry, Workspace  # noqa: E402
from sessions_app.services.audit import write_audit  # noqa: E402
from sessions_app.services.audit_reading import verify_chain  # noqa: E402
from tests.agents.races import race  # noqa: E402
from tests.audit.made import end, made  # noqa: E402
from tests.guards import lifted  # noqa: E402

BATCH = 1000
WRITERS = 8
EACH = 50


def fill(chain: AuditChain, entries: int) -> None:
    """With entries as the software writes them, but many at a time."""
    last: Link = START
    while last.seq < entries:
        rows = made(min(BATCH, entries - last.seq), after=last, chain=chain.pk)
        AuditEntry.objects.bulk_create(AuditEntry(**{**row._asdict(), "chain": chain}) for row in rows)
        last = end(rows)
    with lifted(connection):
        AuditChain.objects.filter(pk=chain.pk).update(seq=last.seq, hash=last.hash)


def main() -> None:
    database, entries = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(name="bench")
    fill(AuditChain.objects.create(workspace=workspace), entries)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    report = verify_chain(AuditChain.objects.get())
    verified = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if report.broken is not None or report.entries != entries:
        raise SystemExit(f"The chain is not whole: {report}")
    began = time.perf_counter()
    race(*[lambda: [write_audit(workspace, "thing.done", actor=SYSTEM) for _ in range(EACH)]] * WRITERS)
    written = time.perf_counter() - began
    figures = {
        "db": database,
        "entries": entries,
        "verified_in_seconds": round(verified, 2),
        "more_memory_mb": round((after - before) / 1024, 1),
        "writers": WRITERS,
        "entries_written_per_second": round(WRITERS * EACH / written),
    }
    sys.stdout.write(f"{json.dumps(figures, indent=2)}\n")


if __name__ == "__main__":
    main()
