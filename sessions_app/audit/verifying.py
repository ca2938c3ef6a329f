"""Whether a chain is what was written: every entry as it was hashed, each after the one before, and none missing."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sessions_app.audit.ranges import read_ranges
from sessions_app.audit.text import ERASURE, GENESIS, Facts, digest, moment, read_facts


class Stored(NamedTuple):
    """An entry's row, as it is in the table. The columns after `private` repeat what is in the text."""

    chain: int
    seq: int
    prev: str
    hash: str
    text: str
    private: str
    at: datetime
    actor_kind: str
    actor: str
    role: str
    action: str
    session: UUID | None
    target: str


class Link(NamedTuple):
    """A place in a chain."""

    seq: int
    hash: str


START = Link(0, GENESIS)
# How many records of erasures a report names.
NAMED = 10


class Fault(StrEnum):
    MISSING = "missing"
    INSERTED = "inserted"
    EDITED = "edited"
    MOVED = "moved"
    REPLACED = "replaced"
    ERASED = "erased without a record"


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a chain that is not as it was written."""

    seq: int
    fault: Fault
    detail: str

    def __str__(self) -> str:
        return f"entry {self.seq} is {self.fault}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `last` is the place that was reached, `erased` how many private parts were forgotten.

    `records` is how many entries said so, and `newest_records` the numbers of the last ones.
    """

    entries: int
    last: Link
    erased: int
    broken: Break | None
    records: int = 0
    newest_records: tuple[int, ...] = ()


def verify(rows: Iterable[Stored], *, chain: int, head: Link | None, after: Link = START) -> Report:
    """Look at the rows of a chain that come after a place, which is taken as given, in the order of their seq.

    `head` is where the chain says that it ends; None when the rows do not reach that far. Only the first break is
    named: what stands behind it proves nothing. Holds one number for each forgotten part until its record has come.
    """
    walk = _Walk(chain, after)
    for row in rows:
        walk.take(row)
    return walk.report(head)


class _Walk:
    def __init__(self, chain: int, after: Link) -> None:
        self._chain = chain
        self._last = after
        self._entries = self._erased = self._records = 0
        self._newest_records: deque[int] = deque(maxlen=NAMED)
        self._broken: Break | None = None
        # Entries whose private part is gone, ascending, until one says that it was forgotten.
        self._unrecorded: list[int] = []

    def take(self, row: Stored) -> None:
        self._entries += 1
        sound = digest(row.text) == row.hash
        facts = _read(row.text) if sound else None
        if facts and facts.action == ERASURE:
            self._strike_out(facts)
        if self._broken is None:
            self._broken = self._fault(row, sound, facts)
        if self._broken is None:
            self._last = Link(row.seq, row.hash)
            if not row.private:
                self._erased += 1
                self._unrecorded.append(row.seq)

    def _strike_out(self, record: Facts) -> None:
        """This entry says what was forgotten of those before it."""
        self._records += 1
        self._newest_records.append(record.seq)
        for first, last in read_ranges(str(record.erased)):
            del self._unrecorded[bisect_left(self._unrecorded, first) : bisect_right(self._unrecorded, last)]

    def report(self, head: Link | None) -> Report:
        broken = self._broken
        if broken is None and head is not None and head != self._last:
            broken = self._wrong_end(head)
        if self._unrecorded and (broken is None or self._unrecorded[0] < broken.seq):
            broken = Break(self._unrecorded[0], Fault.ERASED, "its private part is gone, and no entry says so")
        return Report(self._entries, self._last, self._erased, broken, self._records, tuple(self._newest_records))

    def _fault(self, row: Stored, sound: bool, facts: Facts | None) -> Break | None:
        expected = self._last.seq + 1
        if row.seq < expected:
            return Break(row.seq, Fault.INSERTED, "the place is taken")
        if row.seq > expected:
            return Break(expected, Fault.MISSING, f"the next one there is entry {row.seq}")
        if not sound:
            return Break(row.seq, Fault.EDITED, "its text does not have its hash")
        if facts is None:
            return Break(row.seq, Fault.EDITED, "its text is no entry's")
        return self._misplaced(row, facts) or self._edited(row, facts)

    def _misplaced(self, row: Stored, facts: Facts) -> Break | None:
        if facts.chain != self._chain:
            return Break(row.seq, Fault.MOVED, "it was written in another chain")
        if facts.seq != row.seq:
            return Break(row.seq, Fault.MOVED, f"it was written as entry {facts.seq}")
        if facts.prev != self._last.hash:
            # Both have their own hashes; the later one knew another earlier one.
            place = max(self._last.seq, 1)
            return Break(place, Fault.REPLACED, f"entry {row.seq} was written after another one")
        return None

    def _edited(self, row: Stored, facts: Facts) -> Break | None:
        said = (facts.prev, facts.at, facts.actor_kind, facts.actor, facts.role, facts.action, facts.session)
        session = str(row.session) if row.session else ""
        shown = (row.prev, moment(row.at), row.actor_kind, row.actor, row.role, row.action, session)
        if (*said, facts.target) != (*shown, row.target):
            return Break(row.seq, Fault.EDITED, "its columns say something else than its text")
        if facts.erased and facts.action != ERASURE:
            return Break(row.seq, Fault.EDITED, "it says what was forgotten, and is no record of that")
        if row.private and digest(row.private) != facts.private:
            return Break(row.seq, Fault.EDITED, "its private part is not the one that was written")
        return None

    def _wrong_end(self, head: Link) -> Break:
        last = self._last
        if head.seq > last.seq:
            return Break(last.seq + 1, Fault.MISSING, f"the chain goes on to entry {head.seq}")
        if head.seq < last.seq:
            return Break(head.seq + 1, Fault.INSERTED, f"the chain ends with entry {head.seq}")
        return Break(last.seq, Fault.REPLACED, "the chain ends with another one")


def _read(text: str) -> Facts | None:
    """None for what is no entry's text, though it has its hash."""
    try:
        facts = read_facts(text)
        list(read_ranges(str(facts.erased)))
    except ValueError:
        return None
    return facts
