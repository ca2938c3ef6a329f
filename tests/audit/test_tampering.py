"""Whoever gets around the triggers is found: the command names the first entry that is not as it was written."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from pytest_django import Settings

from sessions_app.actors import SYSTEM
from sessions_app.audit.text import GENESIS, digest
from sessions_app.models import AuditChain, AuditEntry, Session, Workspace
from sessions_app.services.anchors import Anchors
from sessions_app.services.audit import write_audit
from tests.guards import lifted

pytestmark = pytest.mark.django_db
Entries = list[AuditEntry]


@pytest.fixture
def entries(workspace: Workspace, other_workspace: Workspace) -> Entries:
    write_audit(other_workspace, "thing.done", actor=SYSTEM)
    return [write_audit(workspace, "thing.done", actor=SYSTEM, reason=str(number)) for number in range(6)]


@pytest.fixture
def lifted_guard(entries: Entries) -> Iterator[None]:
    with lifted(connection):
        yield


def told(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What the command says of the chain that is broken."""
    with pytest.raises(CommandError, match="1 broken of"):
        call_command("verify_audit", *options)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "BROKEN" in line]
    return line


def rows(seq: int) -> "Callable[..., int]":
    return AuditEntry.objects.filter(chain__workspace__name="shop", seq=seq).update


def edit(entries: Entries) -> None:
    rows(3)(actor="mallory")


def edit_the_text(entries: Entries) -> None:
    rows(3)(text=entries[2].text.replace("handrail", "mallory"), actor="mallory")


def edit_and_hash_again(entries: Entries) -> None:
    text = entries[2].text.replace("handrail", "mallory")
    rows(3)(text=text, actor="mallory", hash=digest(text))


def edit_the_private_part(entries: Entries) -> None:
    rows(3)(private=entries[2].private.replace('"reason":"2"', '"reason":"3"'))


def empty_the_private_part(entries: Entries) -> None:
    rows(3)(private="")


def delete_in_the_middle(entries: Entries) -> None:
    entries[2].delete()


def delete_and_close_the_gap(entries: Entries) -> None:
    entries[2].delete()
    for later in entries[3:]:
        rows(later.seq)(seq=F("seq") - 1)


def delete_at_the_end(entries: Entries) -> None:
    entries[5].delete()


def delete_everything(entries: Entries) -> None:
    AuditEntry.objects.filter(chain=entries[0].chain).delete()


def reorder(entries: Entries) -> None:
    for before, after in ((3, 99), (4, 3), (99, 4)):
        rows(before)(seq=after)


def forge(entries: Entries, *, at: int) -> None:
    before = entries[at - 2]
    text = before.text.replace(f'"seq":{before.seq}', f'"seq":{at}').replace(before.prev, before.hash)
    assert digest(text) not in (entry.hash for entry in entries)
    forged = AuditEntry.objects.get(pk=before.pk)
    forged.pk, forged.seq, forged.prev, forged.text, forged.hash = None, at, before.hash, text, digest(text)
    forged.save(force_insert=True)


def insert_in_the_middle(entries: Entries) -> None:
    for later in reversed(entries[2:]):
        rows(later.seq)(seq=F("seq") + 1)
    # Two entries of one place cannot say that they follow the same one.
    rows(4)(prev="f" * 64)
    forge(entries, at=3)


def insert_at_the_end(entries: Entries) -> None:
    forge(entries, at=7)


def move_the_head_back(entries: Entries) -> None:
    AuditChain.objects.filter(pk=entries[0].chain_id).update(seq=5, hash=entries[4].hash)


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (edit, "entry 3 is edited"),
        (edit_the_text, "entry 3 is edited"),
        (edit_and_hash_again, "entry 3 is replaced"),
        (edit_the_private_part, "entry 3 is edited"),
        (empty_the_private_part, "entry 3 is erased without a record"),
        (delete_in_the_middle, "entry 3 is missing"),
        (delete_and_close_the_gap, "entry 3 is moved"),
        (delete_at_the_end, "entry 6 is missing"),
        (delete_everything, "entry 1 is missing"),
        (reorder, "entry 3 is moved"),
        (insert_in_the_middle, "entry 4 is moved"),
        (insert_at_the_end, "entry 7 is inserted"),
        (move_the_head_back, "entry 6 is inserted"),
    ],
)
def test_it_is_found(
    lifted_guard: None,
    entries: Entries,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Entries], None],
    said: str,
) -> None:
    tamper(entries)
    assert told(capsys).startswith(f"shop: BROKEN, {said}")
    assert told(capsys, "--workspace", "shop").startswith(f"shop: BROKEN, {said}")
    call_command("verify_audit", "--workspace", "elsewhere")


def test_a_chain_as_it_was_written_is_whole(entries: Entries, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert "elsewhere: as it was written. Entries verified: 1." in said
    assert f"shop: as it was written. Entries verified: 6. It ends with entry 6, hash {entries[5].hash}." in said


def test_no_other_entry_covers_what_was_emptied(entries: Entries, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither needs a trigger to be lifted: a part may be emptied, and an entry added."""
    AuditEntry.objects.filter(pk=entries[2].pk).erase()
    workspace = entries[2].chain.workspace
    write_audit(workspace, "session.read", actor=SYSTEM, erased="1-100000")
    assert "entry 3 is erased without a record" in told(capsys)


def test_a_record_of_an_erasure_is_named_by_its_number(entries: Entries, capsys: pytest.CaptureFixture[str]) -> None:
    AuditEntry.objects.filter(pk=entries[2].pk).erase()
    write_audit(entries[2].chain.workspace, "audit.erased", actor=SYSTEM, erased="1-100000")
    call_command("verify_audit")
    assert "Private parts that were forgotten: 1. Entries that say so: 1 (7)." in capsys.readouterr().out


def test_since_a_day_only_what_came_later_is_looked_at(
    lifted_guard: None, entries: Entries, capsys: pytest.CaptureFixture[str]
) -> None:
    rows(1)(at="2020-01-01T00:00:00Z")
    today = f"{entries[1].at:%Y-%m-%d}"
    call_command("verify_audit", "--since", today)
    assert "shop: as it was written. Entries verified: 5." in capsys.readouterr().out
    call_command("verify_audit", "--since", "2100-01-01")
    assert "shop: as it was written. Entries verified: 0. It ends with entry 6" in capsys.readouterr().out
    rows(6)(actor="mallory")
    assert "entry 6 is edited" in told(capsys, "--since", today)
    entries[5].delete()
    assert "entry 6 is missing" in told(capsys, "--since", "2100-01-01")


def rewrite_all(entries: Entries) -> None:
    """Everything from the third entry on, as if the software had written it: the chain is whole in itself."""
    prev = entries[1].hash
    for entry in entries[2:]:
        text = entry.text.replace(entry.prev, prev).replace("handrail", "mallory")
        rows(entry.seq)(text=text, prev=prev, hash=digest(text), actor="mallory")
        prev = digest(text)
    AuditChain.objects.filter(pk=entries[0].chain_id).update(hash=prev)


def test_a_chain_that_was_written_anew_is_found_by_its_anchors(
    lifted_guard: None, entries: Entries, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.AUDIT_ANCHOR = str(tmp_path / "anchors.jsonl")
    assert Anchors().publish() == 2
    call_command("verify_audit", "--anchors", str(tmp_path / "anchors.jsonl"))
    assert "2 of 2 anchors are in their chains." in capsys.readouterr().out
    rewrite_all(entries)
    call_command("verify_audit")
    with pytest.raises(CommandError, match="tampered with"):
        call_command("verify_audit", "--anchors", str(tmp_path / "anchors.jsonl"))
    assert "shop: BROKEN, entry 6 is not the one that was anchored" in capsys.readouterr().out


@pytest.mark.parametrize("options", [[], ["--workspace", "shop"]], ids=["all", "one"])
def test_a_chain_that_is_gone_is_found_by_its_anchors(
    lifted_guard: None,
    entries: Entries,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    path = tmp_path / "anchors.jsonl"
    settings.AUDIT_ANCHOR = str(path)
    Anchors().publish()
    delete_everything(entries)
    AuditChain.objects.filter(pk=entries[0].chain_id).delete()
    with pytest.raises(CommandError, match="1 anchors lost") as refusal:
        call_command("verify_audit", *options, "--anchors", str(path))
    assert refusal.value.returncode == 1
    assert "shop: BROKEN, entry 6 is not the one that was anchored" in capsys.readouterr().out
    call_command("verify_audit", "--workspace", "elsewhere", "--anchors", str(path))


@pytest.mark.parametrize("what_is_left", ["no head", "a head at its beginning"])
@pytest.mark.parametrize("options", [[], ["--workspace", "shop"]], ids=["all", "one"])
def test_a_history_that_is_gone_is_missed_by_the_sessions_it_told_of(
    lifted_guard: None,
    entries: Entries,
    session: Session,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    what_is_left: str,
) -> None:
    delete_everything(entries)
    head = AuditChain.objects.filter(pk=entries[0].chain_id)
    if what_is_left == "no head":
        head.delete()
    else:
        head.update(seq=0, hash=GENESIS)
    assert told(capsys, *options).startswith("shop: BROKEN, sessions were opened here")
    call_command("verify_audit", "--workspace", "elsewhere")


@pytest.mark.parametrize(
    "options",
    [["--workspace", "nowhere"], ["--anchors", "/nowhere"], ["--anchors", __file__]],
    ids=["no such workspace", "no such file", "a file without anchors"],
)
def test_what_cannot_be_looked_at_is_no_verification(entries: Entries, options: list[str]) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("verify_audit", *options)
    assert refusal.value.returncode == 2
