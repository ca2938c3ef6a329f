"""Reading a chain from the table, to see whether it is what was written, or to hand it out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain as joined

from django.db.models import Exists, FilteredRelation, Min, OuterRef, Q

from sessions_app.audit.verifying import START, Fault, Link, Report, Stored, verify
from sessions_app.models import AuditChain, AuditEntry, Session, Workspace

# Rows that are in memory at a time.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """A chain from behind a place to its head, as both are at one moment. `rows` can be read once."""

    after: Link
    head: Link
    rows: Iterator[Stored]


def read_chain(chain: AuditChain, *, since: datetime | None = None, newest: int | None = None) -> Reading:
    """The whole, what is not older than a time, or the newest so many entries.

    One query reads the rows with the head, so what is written meanwhile is not among them, and nobody waits.
    """
    after = _place_before(chain, since=since, newest=newest)
    rows = AuditChain.objects.filter(pk=chain.pk).annotate(
        entry=FilteredRelation("entries", condition=Q(entries__seq__gt=after.seq))
    )
    columns = [f"entry__{name}" for name in Stored._fields]
    read = rows.order_by("entry__seq").values_list("seq", "hash", *columns).iterator(chunk_size=CHUNK)
    # A chain without entries is a row all the same.
    first = next(read)
    found = (Stored(*row[2:]) for row in joined([first], read) if row[3] is not None)
    return Reading(after, Link(*first[:2]), found)


def verify_chain(chain: AuditChain, *, since: datetime | None = None, newest: int | None = None) -> Report:
    """Verify a chain to its end, from where `read_chain` begins."""
    reading = read_chain(chain, since=since, newest=newest)
    return verify(reading.rows, chain=chain.pk, head=reading.head, after=reading.after)


def without_history(workspace: str | None = None) -> list[Workspace]:
    """Workspaces, or this one, where sessions were opened, which leaves an entry each, and whose chain is not there.

    A chain that was taken away as a whole leaves nothing in which a break could be found.
    """
    gone = Workspace.objects.filter(Q(audit_chain=None) | Q(audit_chain__seq=0))
    if workspace is not None:
        gone = gone.filter(name=workspace)
    return list(gone.filter(Exists(Session.objects.filter(workspace=OuterRef("pk")))).order_by("pk"))


def verify_entry(entry: AuditEntry) -> Report:
    """Verify one entry with those beside it, of which the earlier one is believed to stand where it does.

    A part that was forgotten is taken as recorded: its record stands anywhere behind it.
    """
    places = (entry.seq - 1, entry.seq, entry.seq + 1)
    found = AuditEntry.objects.filter(chain=entry.chain_id, seq__in=places).order_by("seq")
    rows = [Stored(*row) for row in found.values_list(*Stored._fields)]
    before = [Link(row.seq, row.hash) for row in rows if row.seq < entry.seq]
    head = AuditChain.objects.values_list("seq", "hash").get(pk=entry.chain_id)
    report = verify(
        [row for row in rows if row.seq >= entry.seq],
        chain=entry.chain_id,
        head=Link(*head) if head[0] <= entry.seq + 1 else None,
        after=before[0] if before else START,
    )
    return replace(report, broken=None) if report.broken and report.broken.fault is Fault.ERASED else report


def _place_before(chain: AuditChain, *, since: datetime | None, newest: int | None) -> Link:
    """Where to begin; the entry there is believed."""
    seq = 1
    if newest is not None:
        seq = chain.seq - newest + 1
    if since is not None:
        first = AuditEntry.objects.filter(chain=chain, at__gte=since).aggregate(seq=Min("seq"))["seq"]
        seq = chain.seq + 1 if first is None else first
    before = AuditEntry.objects.filter(chain=chain, seq__lt=seq).order_by("-seq").values_list("seq", "hash").first()
    return START if before is None else Link(*before)
