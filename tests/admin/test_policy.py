"""Rules are set up in the admin, each change under a new version; grants are taken back there."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from agents_app.models import Agent, Grant, PolicyRule
from sessions_app.models import AuditEntry, Workspace
from tests.admin.pages import act, address, said
from tests.admin.rows import Rows

FORM = {
    "name": "refunds above 100",
    "tool": "refund_*",
    "conditions": '[{"argument": "amount", "operator": ">", "value": 100}]',
    "effect": "ask",
    "priority": "100",
    "enabled": "on",
    "role": "supervisor",
    "approvals": "2",
    "on_timeout": "escalate",
}


def change(client: Client, rule: PolicyRule, **fields: str) -> Any:
    return client.post(address(PolicyRule, "change", rule.pk), {**FORM, **fields})


@pytest.fixture
def rule(superuser: Client, workspace: Workspace) -> PolicyRule:
    answer = superuser.post(address(PolicyRule, "add"), {**FORM, "workspace": str(workspace.pk)})
    assert answer.status_code == 302
    return PolicyRule.objects.get()


def test_a_rule_is_added_in_its_first_version_with_an_audit_entry(rule: PolicyRule) -> None:
    assert (str(rule), rule.role, rule.approvals, rule.on_timeout) == (
        "refunds above 100 v1",
        "supervisor",
        2,
        "escalate",
    )
    entry = AuditEntry.objects.get(action="policyrule.added")
    assert (entry.actor, entry.details["rule"]) == ("root", "refunds above 100 v1")


def test_each_change_raises_the_version_and_is_written_down_with_it(superuser: Client, rule: PolicyRule) -> None:
    assert change(superuser, rule, effect="deny", message="No.").status_code == 302
    rule.refresh_from_db()
    assert (rule.effect, rule.version) == ("deny", 2)
    entry = AuditEntry.objects.get(action="policyrule.changed")
    changed = {"effect": "deny", "message": "No.", "rule": "refunds above 100 v2"}
    assert entry.details.items() >= changed.items()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("conditions", '[{"argument": "amount", "operator": ">", "value": "much"}]'),
        ("conditions", "{}"),
        ("approvals", "0"),
    ],
)
def test_a_rule_that_cannot_be_is_shown_again_with_what_is_wrong(
    superuser: Client, rule: PolicyRule, field: str, value: str
) -> None:
    answer = change(superuser, rule, **{field: value})
    assert answer.status_code == 200 and field in answer.context["adminform"].errors
    rule.refresh_from_db()
    assert rule.version == 1


def test_a_rule_for_another_workspaces_agent_is_refused(
    superuser: Client, rule: PolicyRule, foreign_rows: Rows
) -> None:
    answer = change(superuser, rule, agent=str(foreign_rows[Agent].pk))
    assert answer.status_code == 200 and "agent" in answer.context["adminform"].errors


def test_a_supervisor_who_may_change_rules_changes_those_of_their_own_workspace_only(
    supervising: Client, supervisor: User, rule: PolicyRule, foreign_rows: Rows
) -> None:
    assert change(supervising, rule).status_code == 403
    supervisor.user_permissions.add(Permission.objects.get(codename="change_policyrule"))
    assert change(supervising, rule, priority="5").status_code == 302
    rule.refresh_from_db()
    assert (rule.priority, rule.version) == (5, 2)
    foreign = PolicyRule.objects.get(pk=foreign_rows[PolicyRule].pk)
    change(supervising, foreign, priority="5")
    foreign.refresh_from_db()
    assert (foreign.priority, foreign.version) == (100, 1)


@pytest.mark.parametrize("who", ["superuser", "supervisor"])
def test_a_grant_is_taken_back_once_and_its_trail_says_by_whom(people: dict[str, Client], rows: Rows, who: str) -> None:
    grant = rows[Grant]
    assert said(act(people[who], "revoke", grant)) == [f"{grant} is revoked."]
    assert said(act(people[who], "revoke", grant)) == [f"{grant}: This grant has already been revoked."]
    entry = AuditEntry.objects.get(action="grant.revoked")
    assert (entry.target, entry.role) == (str(grant.pk), who)


def test_nobody_takes_back_another_workspaces_grant(stranger: Client, operating: Client, rows: Rows) -> None:
    for client in (stranger, operating):
        act(client, "revoke", rows[Grant])
    assert Grant.objects.get().revoked_at is None
