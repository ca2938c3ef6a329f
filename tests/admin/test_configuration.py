"""What is set up by hand leaves an audit entry, and keys can be taken back."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from agents_app.models import Agent, McpServer, Order
from sessions_app.models import ApiKey, AuditEntry, HandoffRule, Membership, Workspace
from sessions_app.services.api_keys import find_api_key
from tests.admin.pages import act, address, said
from tests.admin.rows import Rows

Entry = tuple[str, str, str, dict[str, str]]


def newest() -> Entry:
    entry = AuditEntry.objects.latest("id")
    assert entry.workspace is not None
    return entry.workspace.name, entry.actor, entry.action, entry.details


def test_a_new_workspace_begins_with_its_audit_entry(superuser: Client) -> None:
    form = superuser.get(address(Workspace, "add")).context["adminform"].form
    given = {name: form[name].value() or "" for name in form.fields} | {"name": "new", "title": "New"}
    given["initial-opening_hours"], given["initial-masked_fields"] = given["opening_hours"], given["masked_fields"]
    assert superuser.post(address(Workspace, "add"), given).status_code == 302
    assert newest() == ("new", "root", "workspace.added", {"name": "new", "title": "New"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Mars/Base"), ("opening_hours", '{"monday": []}'), ("sla_breach_seconds", "1")],
)
def test_what_cannot_be_a_workspaces_settings_is_refused_with_a_reason(
    superuser: Client, workspace: Workspace, field: str, value: str
) -> None:
    page = address(Workspace, "change", workspace.pk)
    form = superuser.get(page).context["adminform"].form
    given = {name: form[name].value() or "" for name in form.fields} | {field: value}
    assert superuser.post(page, given).context["adminform"].form.errors
    workspace.refresh_from_db()
    assert (workspace.time_zone, workspace.opening_hours, workspace.sla_breach_seconds) == ("UTC", {}, 300)


def test_a_rule_that_asks_for_people_is_set_up_and_written_down(superuser: Client, workspace: Workspace) -> None:
    given = {"workspace": str(workspace.pk), "name": "wishes", "kind": "keyword", "priority": "high", "enabled": "on"}
    assert superuser.post(address(HandoffRule, "add"), {**given, "keywords": "[]"}).status_code == 200
    assert superuser.post(address(HandoffRule, "add"), {**given, "keywords": '["human"]'}).status_code == 302
    assert HandoffRule.objects.get().keywords == ["human"]
    assert newest()[:3] == ("shop", "root", "handoffrule.added")


def test_what_is_deleted_together_is_told_workspace_by_workspace(
    superuser: Client, workspace: Workspace, other_workspace: Workspace, operator: User
) -> None:
    """Each entry locks the head of a chain: in one order, whatever the list is sorted by."""
    mine = Membership.objects.get(user=operator)
    other = Membership.objects.create(user=operator, workspace=other_workspace)
    act(superuser, "delete_selected", other, mine, post="yes")
    entries = AuditEntry.objects.filter(action="membership.deleted").order_by("id")
    assert [entry.workspace for entry in entries] == [workspace, other_workspace]
    assert not Membership.objects.exists()


def test_a_new_role_is_written_down(superuser: Client, workspace: Workspace, operator: User) -> None:
    membership = Membership.objects.get(user=operator)
    assert superuser.post(address(Membership, "change", membership.pk), {"role": "supervisor"}).status_code == 302
    assert newest() == ("shop", "root", "membership.changed", {"role": "supervisor"})


def test_a_deletion_is_written_down_whether_one_by_one_or_from_the_list(superuser: Client, rows: Rows) -> None:
    superuser.post(address(Order, "delete", rows[Order].pk), {"post": "yes"})
    assert newest()[2:] == ("order.deleted", {"was": str(rows[Order])})
    act(superuser, "delete_selected", rows[Membership], post="yes")
    assert newest()[2:] == ("membership.deleted", {"was": "member-ours in shop as operator"})
    assert not Order.objects.exists() and not Membership.objects.exists()


def test_a_row_stays_in_the_workspace_it_was_made_in(superuser: Client, rows: Rows, other_workspace: Workspace) -> None:
    body = {"workspace": str(other_workspace.pk), "model": "demo", "tools": "[]", "shown_to_customers": "[]"}
    assert superuser.post(address(Agent, "change", rows[Agent].pk), body).status_code == 302
    assert Agent.objects.get(pk=rows[Agent].pk).workspace == rows[Workspace]


def test_a_workspace_cannot_be_deleted(superuser: Client, rows: Rows) -> None:
    assert superuser.post(address(Workspace, "delete", rows[Workspace].pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("who", ["superuser", "supervisor"])
def test_a_key_is_taken_back_once_and_its_trail_says_by_whom(
    people: dict[str, Client], workspace: Workspace, key: str, who: str
) -> None:
    row = ApiKey.objects.get()
    assert said(act(people[who], "revoke", row)) == [f"{row} is revoked."]
    assert find_api_key(key) is None
    assert said(act(people[who], "revoke", row)) == [f"{row} had been revoked before."]
    entry = AuditEntry.objects.get(action="api_key.revoked")
    assert (entry.target, entry.role) == (row.prefix, who)


def test_a_key_of_another_workspace_cannot_be_taken_back(stranger: Client, key: str) -> None:
    act(stranger, "revoke", ApiKey.objects.get())
    assert find_api_key(key) is not None


def test_only_a_superuser_says_where_the_providers_key_is_sent(people: dict[str, Client], rows: Rows) -> None:
    body = {"model": "openai:gpt", "tools": "[]", "shown_to_customers": "[]", "base_url": "https://models.example/v1"}
    for who, base_url in (("supervisor", ""), ("superuser", "https://models.example/v1")):
        assert people[who].post(address(Agent, "change", rows[Agent].pk), body).status_code == 302
        agent = Agent.objects.get(pk=rows[Agent].pk)
        assert (agent.model, agent.base_url) == ("openai:gpt", base_url)


def test_only_a_superuser_says_which_programs_are_started(
    people: dict[str, Client], supervisor: User, rows: Rows
) -> None:
    supervisor.user_permissions.add(*Permission.objects.filter(codename__endswith="_mcpserver"))
    change = address(McpServer, "change", rows[McpServer].pk)
    body = {"name": "x", "prefix": "x", "transport": "stdio", "command": "sh", "risk_level": "low", "url": ""}
    body |= {"args": "[]", "environment": "[]"}
    assert people["supervisor"].post(change, body).status_code == 403
    assert people["supervisor"].get(address(McpServer, "add")).status_code == 403
    assert people["superuser"].post(change, body).status_code == 302
    assert McpServer.objects.get(pk=rows[McpServer].pk).command == "sh"
