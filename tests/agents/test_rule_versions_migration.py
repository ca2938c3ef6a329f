"""Rules that were there before their history was kept come into it with the wording they had."""

from typing import Any

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tests.old_database import OLD


def migrate(*targets: tuple[str, str]) -> Any:
    return MigrationExecutor(connections[OLD]).migrate(list(targets)).apps


@pytest.mark.django_db(transaction=True)
def test_the_wording_that_stands_is_kept(old_database: None) -> None:
    def rows(model: str) -> Any:
        return apps.get_model(model)._default_manager.using(OLD)

    apps = migrate(("agents_app", "0001_initial"))
    workspace = rows("sessions_app.Workspace").create(name="shop")
    agent = rows("agents_app.Agent").create(workspace_id=workspace.pk, name="mia")
    there = {"workspace_id": workspace.pk, "effect": "ask"}
    rule = rows("agents_app.PolicyRule").create(name="refunds", agent_id=agent.pk, version=7, **there)
    rows("agents_app.PolicyRule").create(name="all", **there)

    apps = migrate(("agents_app", "0002_rule_versions"))
    everybody, kept = rows("agents_app.RuleVersion").order_by("name")
    assert (kept.name, kept.number, kept.change, kept.actor, kept.at) == ("refunds", 7, "found", "", rule.updated_at)
    assert (kept.wording["agent"], kept.wording["effect"], kept.wording["tool"]) == ("mia", "ask", "*")
    assert (everybody.number, everybody.wording["agent"]) == (1, "")
