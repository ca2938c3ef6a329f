"""Chains made by hand, without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sessions_app.audit.text import Facts, digest, moment, write_facts, write_private
from sessions_app.audit.verifying import START, Link, Stored

BEGAN = datetime(2030, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


def entry(after: Link, *, action: str = "thing.done", chain: int = 1, erased: str = "") -> Stored:
    """The entry that follows."""
    at = BEGAN + timedelta(seconds=after.seq)
    private = write_private(salt="5a17", actor="", session="talk", reason="Because.", details={"part": 0.5})
    facts = Facts(
        chain=chain,
        seq=after.seq + 1,
        prev=after.hash,
        workspace="shop",
        at=moment(at),
        actor_kind="user",
        actor="anna",
        role="operator",
        action=action,
        session="",
        target="7",
        private=digest(private),
        erased=erased,
    )
    text = write_facts(facts)
    return Stored(
        chain, facts.seq, facts.prev, digest(text), text, private, at, "user", "anna", "operator", action, None, "7"
    )


def made(count: int, *, after: Link = START, erased: str = "", chain: int = 1) -> list[Stored]:
    """So many entries; the last one is the record of what was erased."""
    rows: list[Stored] = []
    for number in range(count):
        said = {"erased": erased, "action": "audit.erased"} if erased and number == count - 1 else {}
        rows.append(entry(end(rows) if rows else after, chain=chain, **said))
    return rows


def end(rows: Sequence[Stored]) -> Link:
    return Link(rows[-1].seq, rows[-1].hash)


def rewritten(row: Stored, old: str, new: str) -> Stored:
    """As somebody would who edits the text and knows how it is hashed."""
    text = row.text.replace(old, new)
    assert text != row.text
    return row._replace(text=text, hash=digest(text))
