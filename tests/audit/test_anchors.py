"""Where the chains are is said at a place of its own, once for each time they have moved."""

import json
import logging
from pathlib import Path

import pytest
from pytest_django import Settings

from config.celery import app
from config.tasks import publish_anchors
from sessions_app.actors import SYSTEM
from sessions_app.audit.anchors import read_anchors
from sessions_app.models import Workspace
from sessions_app.services.anchors import Anchors
from sessions_app.services.audit import write_audit

pytestmark = pytest.mark.django_db


def test_a_file_gets_a_line_for_each_chain_that_has_moved(
    workspace: Workspace, other_workspace: Workspace, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "anchors"
    settings.AUDIT_ANCHOR = str(path)
    anchors = Anchors()
    assert anchors.publish() == 0 and not path.exists()
    first = write_audit(workspace, "thing.done", actor=SYSTEM)
    write_audit(other_workspace, "thing.done", actor=SYSTEM)
    assert [anchors.publish(), anchors.publish()] == [2, 0]
    second = write_audit(workspace, "thing.done", actor=SYSTEM)
    assert anchors.publish() == 1
    said = list(read_anchors(path.read_text().splitlines()))
    assert [(each.workspace, each.seq, each.hash) for each in said if each.workspace == "shop"] == [
        ("shop", 1, first.hash),
        ("shop", 2, second.hash),
    ]


def test_a_line_that_could_not_be_written_is_written_the_next_time(
    workspace: Workspace, settings: Settings, tmp_path: Path
) -> None:
    write_audit(workspace, "thing.done", actor=SYSTEM)
    settings.AUDIT_ANCHOR = str(tmp_path / "not there" / "anchors")
    anchors = Anchors()
    with pytest.raises(FileNotFoundError):
        anchors.publish()
    (tmp_path / "not there").mkdir()
    assert anchors.publish() == 1


def test_a_line_of_the_log_is_an_anchor(
    workspace: Workspace, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.AUDIT_ANCHOR = "log"
    entry = write_audit(workspace, "thing.done", actor=SYSTEM)
    with caplog.at_level(logging.INFO, logger="handrail.audit"):
        assert publish_anchors.name in app.tasks
        Anchors().publish()
    lines = [f"2030-01-01 12:00:00,000 INFO {record.name}: {record.message}" for record in caplog.records]
    (found,) = read_anchors(lines)
    assert (found.chain, found.seq, found.hash) == (entry.chain_id, 1, entry.hash)


def test_half_a_line_is_refused_and_other_lines_are_not_anchors() -> None:
    line = json.dumps({"anchor": 1, "seq": 3}, separators=(",", ":"))
    for half in (line, line[:-4]):
        with pytest.raises(ValueError, match="Line 2"):
            list(read_anchors(["something else", half]))
    assert list(read_anchors(["something else", ""])) == []
