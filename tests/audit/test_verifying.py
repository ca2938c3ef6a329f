"""The first entry that is not as it was written is named, with what is wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.audit.ranges import read_ranges, write_ranges
from sessions_app.audit.text import digest, read_facts
from sessions_app.audit.verifying import START, Break, Fault, Link, Stored, verify
from tests.audit.made import end, entry, made, rewritten

CHAIN = made(6)


def broken(rows: list[Stored], *, head: Link | None = None, after: Link = START) -> tuple[int, Fault] | None:
    found = verify(rows, chain=1, head=head or end(CHAIN), after=after).broken
    return None if found is None else (found.seq, found.fault)


def test_a_chain_as_it_was_written_is_whole() -> None:
    report = verify(CHAIN, chain=1, head=end(CHAIN))
    assert (report.entries, report.last, report.erased, report.broken) == (6, end(CHAIN), 0, None)


def test_an_empty_chain_is_whole() -> None:
    assert verify([], chain=1, head=START).broken is None


def test_a_part_is_verified_from_where_it_begins() -> None:
    after = Link(CHAIN[2].seq, CHAIN[2].hash)
    assert broken(CHAIN[3:], after=after) is None
    assert broken(CHAIN[4:], after=after) == (4, Fault.MISSING)
    assert broken(CHAIN[3:], after=Link(3, "1" * 64)) == (3, Fault.REPLACED)


@pytest.mark.parametrize("gone", range(6))
def test_a_missing_entry_is_named_wherever_it_stood(gone: int) -> None:
    assert broken(CHAIN[:gone] + CHAIN[gone + 1 :]) == (gone + 1, Fault.MISSING)


def test_of_all_entries_missing_the_first_is_named() -> None:
    assert broken([]) == (1, Fault.MISSING)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "mallory"},
        {"actor_kind": "system"},
        {"role": "supervisor"},
        {"action": "thing.undone"},
        {"target": "8"},
        {"at": CHAIN[0].at},
        {"prev": "1" * 64},
        {"private": CHAIN[0].private.replace("Because", "Whatever")},
        {"hash": "1" * 64},
        {"text": CHAIN[3].text.replace("anna", "mallory")},
        {"text": "", "hash": digest("")},
        {"text": "[]", "hash": digest("[]")},
        {"text": '{"format":1}', "hash": digest('{"format":1}')},
        {"text": CHAIN[3].text[:-1] + ',"erased":"x"}', "hash": digest(CHAIN[3].text[:-1] + ',"erased":"x"}')},
    ],
    ids=str,
)
def test_an_edited_entry_is_named(change: dict[str, Any]) -> None:
    assert broken([*CHAIN[:3], CHAIN[3]._replace(**change), *CHAIN[4:]]) == (4, Fault.EDITED)


def test_an_edit_that_was_hashed_again_is_named_by_the_entry_behind_it() -> None:
    edited = rewritten(CHAIN[3], "anna", "mallory")._replace(actor="mallory")
    assert broken([*CHAIN[:3], edited, *CHAIN[4:]]) == (4, Fault.REPLACED)
    assert broken([*CHAIN[:5], rewritten(CHAIN[5], "anna", "mia")._replace(actor="mia")]) == (6, Fault.REPLACED)


def test_entries_that_changed_places_are_named() -> None:
    swapped = [*CHAIN[:2], CHAIN[3]._replace(seq=3), CHAIN[2]._replace(seq=4), *CHAIN[4:]]
    assert broken(swapped) == (3, Fault.MOVED)


def test_an_entry_of_another_chain_is_named() -> None:
    foreign = made(6, chain=2)
    assert broken([*CHAIN[:5], foreign[5]._replace(chain=1)]) == (6, Fault.MOVED)
    assert verify(foreign, chain=1, head=end(foreign)).broken == Break(
        1, Fault.MOVED, "it was written in another chain"
    )


def test_an_inserted_entry_is_named() -> None:
    forged = entry(Link(3, CHAIN[2].hash), action="thing.forged")
    moved_on = [row._replace(seq=row.seq + 1) for row in CHAIN[3:]]
    assert broken([*CHAIN[:3], forged, *moved_on]) == (5, Fault.MOVED)
    assert broken([*CHAIN[:3], forged, *CHAIN[3:]]) == (4, Fault.INSERTED)
    assert broken([*CHAIN, entry(end(CHAIN))]) == (7, Fault.INSERTED)


def test_only_the_first_break_is_named() -> None:
    assert broken([CHAIN[0], CHAIN[2]._replace(actor="mallory"), CHAIN[5]]) == (2, Fault.MISSING)


def test_a_forgotten_part_needs_a_later_record() -> None:
    rows = [row._replace(private="") if row.seq in (2, 3, 5) else row for row in made(6, erased="2-3,5")]
    assert broken(rows, head=end(rows)) is None
    assert verify(rows, chain=1, head=end(rows)).erased == 3
    also = [*rows[:3], rows[3]._replace(private=""), *rows[4:]]
    assert broken(also, head=end(rows)) == (4, Fault.ERASED)
    late = [*rows, entry(end(rows))._replace(private="")]
    assert broken(late, head=end(late)) == (7, Fault.ERASED)


def test_an_entry_does_not_record_that_its_own_part_is_gone() -> None:
    rows = made(3, erased="1-9")
    assert broken([*rows[:2], rows[2]._replace(private="")], head=end(rows)) == (3, Fault.ERASED)


def test_only_a_record_of_an_erasure_says_what_was_forgotten() -> None:
    forged = entry(end(CHAIN), action="session.read", erased="1-100000")
    rows = [*CHAIN[:2], CHAIN[2]._replace(private=""), *CHAIN[3:], forged]
    assert broken(rows, head=end(rows)) == (3, Fault.ERASED)
    assert broken([*CHAIN, forged], head=end([forged])) == (7, Fault.EDITED)


def test_records_of_erasures_are_counted_and_the_newest_named() -> None:
    rows = [entry(START, action="audit.erased")]
    while len(rows) < 12:
        rows.append(entry(end(rows), action="audit.erased"))
    report = verify(rows, chain=1, head=end(rows))
    assert (report.records, report.newest_records) == (12, tuple(range(3, 13)))


def test_what_was_forgotten_is_struck_out_behind_a_break_too() -> None:
    rows = [row._replace(private="") if row.seq == 1 else row for row in made(6, erased="1")]
    assert broken([*rows[:2], *rows[3:]], head=end(rows)) == (3, Fault.MISSING)


@given(st.sets(st.integers(min_value=1, max_value=200)))
def test_ranges_say_what_they_were_made_of(numbers: set[int]) -> None:
    words = write_ranges(sorted(numbers))
    said = [number for first, last in read_ranges(",".join(words)) for number in range(first, last + 1)]
    assert said == sorted(numbers)


def test_a_text_says_what_was_put_into_it() -> None:
    facts = read_facts(CHAIN[0].text)
    assert (facts.seq, facts.at, facts.workspace) == (1, "2030-01-02T03:04:05.000678Z", "shop")
    assert CHAIN[0].text.startswith('{"action":"thing.done","actor":"anna"') and " " not in CHAIN[0].text
