"""An export is verified by the program in the guide, which knows nothing of this software."""

import base64
import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from sessions_app.actors import SYSTEM
from sessions_app.audit.signing import public_text, read_key
from sessions_app.models import AuditEntry, Session, Workspace
from sessions_app.services.audit import write_audit
from sessions_app.services.audit_erasing import forget_private
from sessions_app.services.audit_key import signing_key
from tests.guards import lifted

pytestmark = pytest.mark.django_db
SEED = base64.b64encode(bytes(range(32))).decode()
PUBLIC = public_text(read_key(SEED))


@pytest.fixture(autouse=True)
def key(settings: Settings) -> None:
    settings.AUDIT_SIGNING_KEY = SEED


@pytest.fixture
def program(tmp_path: Path) -> Callable[[Path], str]:
    """The guide's program, on a file. It says what it found."""
    guide = (Path(configured.BASE_DIR) / "sessions_app" / "AUDIT.md").read_text()
    (found,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    script = tmp_path / "verify.py"
    script.write_text(found)

    def run(path: Path, public: str = PUBLIC) -> str:
        ended = subprocess.run(
            [sys.executable, "-I", script, path, public], capture_output=True, text=True, check=False
        )
        said = ended.stdout + ended.stderr
        assert (ended.returncode == 0) is not said.startswith("BROKEN"), said
        return said

    return run


@pytest.fixture
def exported(session: Session, tmp_path: Path) -> Path:
    """Ten entries: of a session's two the private part was forgotten."""
    for number in range(6):
        write_audit(session.workspace, "thing.done", actor=SYSTEM, target=number, reason='Ünïcode\u2028 "quoted"')
    write_audit(session.workspace, "note.added", actor=SYSTEM, session=session)
    forget_private(session.workspace, sessions=[session.pk], actor=SYSTEM)
    path = tmp_path / "shop.jsonl"
    call_command("export_audit", "shop", "--output", str(path))
    return path


def test_it_is_whole_and_holds_the_export_itself(exported: Path, program: Callable[[Path], str]) -> None:
    assert program(exported) == "10 entries of shop are as they were written and signed.\n"
    lines = exported.read_text().splitlines()
    assert json.loads(json.loads(lines[-2])["text"])["action"] == "audit.exported"
    assert AuditEntry.objects.latest("id").action == "audit.exported"
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600


def test_what_came_since_a_day_is_whole_too(exported: Path, program: Callable[[Path], str], tmp_path: Path) -> None:
    day = f"{AuditEntry.objects.get(seq=5).at:%Y-%m-%d}"
    with lifted(connection):
        AuditEntry.objects.filter(seq__lte=4).update(at="2020-01-01T00:00:00Z")
    call_command("export_audit", "shop", "--since", day, "--output", str(tmp_path / "since"))
    assert program(tmp_path / "since").startswith("7 entries of shop are as they were written")


def test_it_can_go_to_standard_output(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    write_audit(None, "thing.done", actor=SYSTEM)
    call_command("export_audit", "-")
    header, *entries, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert (header["workspace"], header["last"], header["public_key"], len(entries)) == ("", 2, PUBLIC, 2)
    assert list(end) == ["signature"]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines[:3], *lines[4:]],
        lambda lines: [*lines[:-2], lines[-1]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines[:3], lines[2], *lines[3:]],
        lambda lines: [line.replace("thing.done", "thing.gone") for line in lines],
        lambda lines: [lines[0].replace("shop", "farm"), *lines[1:]],
        lambda lines: lines[:-1],
    ],
    ids=["deleted", "cut short", "reordered", "inserted", "edited", "another header", "unsigned"],
)
def test_a_file_that_was_changed_is_not(
    exported: Path, program: Callable[[Path], str], change: Callable[[list[str]], list[str]]
) -> None:
    exported.write_text("".join(change(exported.read_text().splitlines(keepends=True))))
    assert program(exported).startswith("BROKEN: not signed with this key")


def test_another_key_did_not_sign_it(exported: Path, program: Callable[..., str]) -> None:
    other = public_text(read_key(base64.b64encode(bytes(32)).decode()))
    assert program(exported, other).startswith("BROKEN: not signed with this key")


def test_no_entry_but_a_record_covers_what_was_emptied(
    exported: Path, program: Callable[[Path], str], tmp_path: Path, workspace: Workspace
) -> None:
    AuditEntry.objects.filter(seq=4).erase()
    write_audit(workspace, "session.read", actor=SYSTEM, erased="1-100000")
    call_command("export_audit", "shop", "--output", str(tmp_path / "again"))
    assert program(tmp_path / "again") == "BROKEN: entry 11 is no record of what was forgotten\n"


def test_a_record_names_no_entry_behind_it_at_any_length(
    exported: Path, program: Callable[[Path], str], tmp_path: Path, workspace: Workspace
) -> None:
    write_audit(workspace, "audit.erased", actor=SYSTEM, erased="1-1000000000000")
    AuditEntry.objects.filter(seq=11).erase()
    call_command("export_audit", "shop", "--output", str(tmp_path / "again"))
    assert program(tmp_path / "again") == "BROKEN: private parts are gone without a record: [11]\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "{}"}, "entry 4 does not have its hash"),
        ({"private": "{}"}, "entry 4 has another private part"),
        ({"private": ""}, "private parts are gone without a record: [4]"),
        ({"hash": "1" * 64}, "entry 4 does not have its hash"),
        (None, "entry 4 is out of place"),
    ],
    ids=str,
)
def test_what_was_tampered_with_before_it_was_signed_is_found(
    exported: Path, program: Callable[[Path], str], tmp_path: Path, changes: dict[str, str] | None, said: str
) -> None:
    with lifted(connection):
        row = AuditEntry.objects.filter(seq=4)
        if changes is None:
            row.delete()
        else:
            row.update(**changes)
    call_command("export_audit", "shop", "--output", str(tmp_path / "again"))
    assert program(tmp_path / "again") == f"BROKEN: {said}\n"


@pytest.mark.parametrize(
    "options", [[], ["nowhere"], ["shop", "--output", "/nowhere/file"], ["shop", "--output", __file__]]
)
def test_what_cannot_be_exported_is_refused_and_leaves_no_entry(session: Session, options: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("export_audit", *options)
    assert not AuditEntry.objects.filter(action="audit.exported").exists()


def test_without_a_key_in_the_settings_one_is_made_once(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.AUDIT_SIGNING_KEY, settings.DATA_DIR = "", tmp_path / "data"
    call_command("export_audit", "--public-key")
    assert capsys.readouterr().out.strip() == public_text(signing_key()) == public_text(signing_key())
    (kept,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_setting_that_is_no_key_is_refused(settings: Settings) -> None:
    settings.AUDIT_SIGNING_KEY = "c2hvcnQ="
    with pytest.raises(ImproperlyConfigured, match="AUDIT_SIGNING_KEY"):
        signing_key()
