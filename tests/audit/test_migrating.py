"""An audit history from before the chains becomes one, in its old order."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from sessions_app.audit.text import GENESIS
from sessions_app.audit.verifying import Link, Stored, verify

pytestmark = pytest.mark.django_db(transaction=True)
OLD = "old"


@pytest.fixture
def old_database(tmp_path: Path) -> Iterator[None]:
    """An empty database beside the suite's, of the same kind."""
    settings = {**connections["default"].settings_dict, "NAME": str(tmp_path / "old.sqlite3")}
    if connection.vendor == "postgresql":
        settings |= {"NAME": f"{connection.settings_dict['NAME']}_old", "OPTIONS": {}}
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {settings['NAME']}")
    connections.settings[OLD] = settings
    # Opened by hand: for a database that it was not told of the test case would refuse.
    connections[OLD].connect()
    yield
    connections[OLD].close()
    del connections[OLD], connections.settings[OLD]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {settings['NAME']}")


def migrate(name: str) -> Callable[[str], Any]:
    """Where the rows of a model are, as they are after this migration."""
    apps = MigrationExecutor(connections[OLD]).migrate([("sessions_app", name)]).apps
    return lambda model: apps.get_model("sessions_app", model)._default_manager.using(OLD)


def test_entries_that_are_there_are_chained_in_their_order(old_database: None) -> None:
    before = migrate("0001_initial")
    workspaces = [before("Workspace").create(name=name) for name in ("shop", "farm")]
    talk = before("Session").create(workspace=workspaces[0], name="talk")
    now = timezone.now()
    for number in range(6):
        before("AuditEntry").create(
            workspace=workspaces[number % 2],
            # By the clock the other way round: the order is that in which they were written.
            at=now - timedelta(seconds=number),
            actor_kind="customer" if number == 4 else "user",
            actor="carla" if number == 4 else "anna",
            role="operator",
            action="thing.done",
            session="talk" if number else "long gone",
            target=str(number),
            reason="Ü",
            details={"number": number, "part": 0.5},
        )
    after = migrate("0003_audit_guard")
    entries = after("AuditEntry")
    shop, farm = after("AuditChain").order_by("workspace_id")
    for chain, targets in ((shop, ["0", "2", "4"]), (farm, ["1", "3", "5"])):
        rows = [Stored(*row) for row in entries.filter(chain=chain).order_by("seq").values_list(*Stored._fields)]
        assert [row.target for row in rows] == targets and rows[0].prev == GENESIS
        report = verify(rows, chain=chain.pk, head=Link(chain.seq, chain.hash))
        assert (report.broken, report.entries) == (None, 3)
    first, _, last = entries.filter(chain=shop).order_by("seq")
    assert (first.session, last.session, last.actor) == (None, talk.pk, "")
    assert '"session":"long gone"' in first.private and '"number":4' in last.private and "carla" in last.private
    with pytest.raises(IntegrityError, match="append-only"):
        entries.filter(pk=first.pk).delete()
