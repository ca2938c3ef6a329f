"""An audit history from before the chains becomes one, in its old order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from sessions_app.audit.text import GENESIS
from sessions_app.audit.verifying import Link, Stored, verify
from tests.old_database import OLD

pytestmark = pytest.mark.django_db(transaction=True)


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
