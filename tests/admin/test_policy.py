"""Rules are set up in the admin: each wording under a number of its own, with who, when and why."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents_app.exceptions import RuleChanged
from agents_app.models import Agent, PolicyRule, RuleVersion
from agents_app.services.policies import change_rule, version_named
from sessions_app.actors import SYSTEM
from sessions_app.models import AuditEntry, Workspace
from tests.admin.pages import act, address, said
from tests.admin.rows import Rows
from tests.agents.races import race

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
    "seen_version": "1",
}


def add(client: Client, workspace: Workspace, **fields: str) -> Any:
    return client.post(address(PolicyRule, "add"), {**FORM, "workspace": str(workspace.pk), **fields})


def change(client: Client, rule: PolicyRule, **fields: str) -> Any:
    return client.post(address(PolicyRule, "change", rule.pk), {**FORM, **fields}, follow=True)


def problems(answer: Any) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = answer.context["adminform"].errors
    return errors


@pytest.fixture
def rule(superuser: Client, workspace: Workspace) -> PolicyRule:
    assert add(superuser, workspace, change_reason="Too many refunds.").status_code == 302
    return PolicyRule.objects.get()


def test_a_rule_is_added_in_its_first_version_with_an_audit_entry(rule: PolicyRule) -> None:
    assert (str(rule), rule.role, rule.approvals) == ("refunds above 100 v1", "supervisor", 2)
    version = RuleVersion.objects.get()
    assert (str(version), version.change, version.actor, version.reason) == (
        "refunds above 100 v1",
        "added",
        "user:root",
        "Too many refunds.",
    )
    assert (version.wording["effect"], version.wording["agent"]) == ("ask", "")
    entry = AuditEntry.objects.get(action="policyrule.added")
    assert (entry.actor, entry.reason, entry.details["rule"]) == (
        "root",
        "Too many refunds.",
        "refunds above 100 v1",
    )


def test_the_only_workspace_one_supervises_is_chosen_already(
    supervising: Client, superuser: Client, workspace: Workspace, other_workspace: Workspace
) -> None:
    for client, chosen in ((supervising, workspace.pk), (superuser, None)):
        form = client.get(address(PolicyRule, "add")).context["adminform"].form
        assert form["workspace"].value() == chosen


def test_each_change_is_a_new_version_that_says_what_was_changed_from_what_to_what(
    superuser: Client, rule: PolicyRule
) -> None:
    change(superuser, rule, effect="deny", message="No.", change_reason="Enough.")
    rule.refresh_from_db()
    assert (rule.effect, rule.version) == ("deny", 2)
    entry = AuditEntry.objects.get(action="policyrule.changed")
    assert entry.details == {
        "rule": "refunds above 100 v2",
        "changes": {"effect": {"from": "ask", "to": "deny"}, "message": {"from": "", "to": "No."}},
    }
    assert entry.reason == "Enough."
    first, second = (
        version_named(rule.workspace_id, "refunds above 100 v1"),
        version_named(rule.workspace_id, str(rule)),
    )
    assert first is not None and second is not None
    assert (first.wording["effect"], second.wording["effect"]) == ("ask", "deny")


def test_saving_what_is_there_already_makes_no_version(superuser: Client, rule: PolicyRule) -> None:
    change(superuser, rule)
    rule.refresh_from_db()
    assert rule.version == 1 and RuleVersion.objects.count() == 1


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
    assert field in problems(change(superuser, rule, **{field: value}))
    rule.refresh_from_db()
    assert rule.version == 1


def test_a_rule_for_another_workspaces_agent_is_refused(
    superuser: Client, rule: PolicyRule, foreign_rows: Rows
) -> None:
    assert "agent" in problems(change(superuser, rule, agent=str(foreign_rows[Agent].pk)))


def test_the_second_of_two_people_is_told_who_was_first_and_overwrites_nothing(
    superuser: Client, supervising: Client, rule: PolicyRule
) -> None:
    change(supervising, rule, priority="5")
    late = change(superuser, rule, priority="7")
    assert problems(late)["__all__"] == [
        "user:supervisor was faster: refunds above 100 v2 is changed. Look at it before you change it."
    ]
    rule.refresh_from_db()
    assert (rule.priority, rule.version) == (5, 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_in_the_same_moment_one_stands(superuser: Client, rule: PolicyRule) -> None:
    def give(priority: int) -> PolicyRule:
        mine = PolicyRule.objects.select_related("workspace", "agent").get(pk=rule.pk)
        mine.priority = priority
        return change_rule(mine, seen=1, actor=SYSTEM)

    outcomes = race(lambda: give(5), lambda: give(7))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [PolicyRule.__name__, RuleChanged.__name__]
    rule.refresh_from_db()
    assert (rule.priority, rule.version) in ((5, 2), (7, 2))
    assert RuleVersion.objects.get(number=2).wording["priority"] == rule.priority


def test_a_deleted_rule_keeps_its_versions_and_a_new_one_of_its_name_counts_on(
    superuser: Client, rule: PolicyRule, workspace: Workspace
) -> None:
    superuser.post(address(PolicyRule, "delete", rule.pk), {"post": "yes"})
    assert not PolicyRule.objects.exists()
    assert AuditEntry.objects.get(action="policyrule.deleted").details["was"]["effect"] == "ask"
    add(superuser, workspace, effect="deny")
    assert str(PolicyRule.objects.get()) == "refunds above 100 v3"
    assert list(RuleVersion.objects.order_by("number").values_list("number", "change")) == [
        (1, "added"),
        (2, "deleted"),
        (3, "added"),
    ]


def test_a_deletion_says_why(superuser: Client, rule: PolicyRule) -> None:
    page = address(PolicyRule, "delete", rule.pk)
    assert 'name="seen_version" value="1"' in superuser.get(page).content.decode()
    superuser.post(page, {"post": "yes", "seen_version": "1", "change_reason": "Not needed."})
    assert RuleVersion.objects.get(change="deleted").reason == "Not needed."
    assert AuditEntry.objects.get(action="policyrule.deleted").reason == "Not needed."


def test_a_rule_that_has_changed_since_is_not_deleted(superuser: Client, rule: PolicyRule) -> None:
    change(superuser, rule, effect="deny")
    body = {"post": "yes", "seen_version": "1"}
    answer: Any = superuser.post(address(PolicyRule, "delete", rule.pk), body, follow=True)
    assert "user:root was faster" in said(answer)[0]
    assert PolicyRule.objects.filter(pk=rule.pk).exists()


def test_rules_deleted_from_the_list_keep_their_versions_too(superuser: Client, rule: PolicyRule) -> None:
    act(superuser, "delete_selected", rule, post="yes")
    assert RuleVersion.objects.filter(change="deleted", actor="user:root").exists()


def restore(client: Client, version: RuleVersion, seen: object, reason: str = "") -> Any:
    to = reverse("admin:agents_app_ruleversion_restore", args=[version.pk])
    return client.post(to, {"seen": str(seen), "reason": reason}, follow=True)


def test_an_older_wording_is_restored_as_a_new_version(
    supervising: Client, superuser: Client, rule: PolicyRule
) -> None:
    change(superuser, rule, effect="deny")
    first = RuleVersion.objects.get(number=1)
    page = supervising.get(address(RuleVersion, "change", first.pk))
    assert page.context["restores"] == [("effect", "deny", "ask")]
    assert said(restore(supervising, first, 2, "Too strict.")) == [
        "refunds above 100 v1 is back, as refunds above 100 v3."
    ]
    rule.refresh_from_db()
    assert (rule.effect, rule.version) == ("ask", 3)
    newest = RuleVersion.objects.get(number=3)
    assert (newest.change, newest.actor, newest.reason) == ("restored", "user:supervisor", "As in v1. Too strict.")


def test_a_wording_is_not_restored_over_a_version_that_was_not_seen(superuser: Client, rule: PolicyRule) -> None:
    change(superuser, rule, effect="deny")
    first = RuleVersion.objects.get(number=1)
    assert "was faster" in said(restore(superuser, first, 1))[0]
    rule.refresh_from_db()
    assert rule.effect == "deny"


@pytest.mark.parametrize("seen", ["", "²", "v1", pytest.param("9" * 5000, id="long")])
def test_a_version_that_no_page_has_shown_is_none(superuser: Client, rule: PolicyRule, seen: str) -> None:
    change(superuser, rule, effect="deny")
    assert "was faster" in said(restore(superuser, RuleVersion.objects.get(number=1), seen))[0]
    rule.refresh_from_db()
    assert rule.effect == "deny"


def test_a_deleted_rule_comes_back_with_its_wording(superuser: Client, rule: PolicyRule) -> None:
    superuser.post(address(PolicyRule, "delete", rule.pk), {"post": "yes"})
    restore(superuser, RuleVersion.objects.get(number=1), "")
    back = PolicyRule.objects.get()
    assert (str(back), back.effect, back.approvals) == ("refunds above 100 v3", "ask", 2)


def test_a_wording_for_an_agent_that_is_gone_is_not_restored(
    superuser: Client, workspace: Workspace, rule: PolicyRule
) -> None:
    agent = Agent.objects.create(workspace=workspace, name="mia", model="demo")
    change(superuser, rule, agent=str(agent.pk))
    change(superuser, rule, agent="", seen_version="2")
    agent.delete()
    answer = restore(superuser, RuleVersion.objects.get(number=2), 3)
    assert said(answer) == ["This wording is for the agent mia, and there is none of that name any more."]


def test_a_rules_history_tells_who_changed_what_and_why(
    superuser: Client, supervising: Client, rule: PolicyRule
) -> None:
    change(superuser, rule, effect="deny", change_reason="Enough.")
    page = supervising.get(address(PolicyRule, "history", rule.pk))
    text = page.content.decode()
    assert "Enough." in text and "Too many refunds." in text and "user:root" in text
    assert [step.differences for step in page.context["history"]] == [[("effect", "ask", "deny")], []]


def test_a_wording_that_no_service_made_is_kept_before_it_goes(superuser: Client, workspace: Workspace) -> None:
    rule = PolicyRule.objects.create(workspace=workspace, name="old", effect="allow")
    change(superuser, rule, name="old", effect="deny")
    kept = RuleVersion.objects.order_by("number").values_list("number", "change", "wording__effect")
    assert list(kept) == [(1, "found", "allow"), (2, "changed", "deny")]


def test_supervisors_change_rules_of_their_own_workspace_only(
    supervising: Client, rule: PolicyRule, foreign_rows: Rows
) -> None:
    change(supervising, rule, priority="5")
    rule.refresh_from_db()
    assert (rule.priority, rule.version) == (5, 2)
    foreign = PolicyRule.objects.get(pk=foreign_rows[PolicyRule].pk)
    change(supervising, foreign, priority="5")
    restore(supervising, RuleVersion.objects.get(pk=foreign_rows[RuleVersion].pk), 1)
    foreign.refresh_from_db()
    assert (foreign.priority, foreign.version) == (100, 1)


def test_versions_of_another_workspace_are_not_shown(stranger: Client, rule: PolicyRule) -> None:
    for page in (
        address(RuleVersion, "change", RuleVersion.objects.get().pk),
        address(PolicyRule, "history", rule.pk),
    ):
        assert stranger.get(page).status_code == 302
    assert restore(stranger, RuleVersion.objects.get(), 1).status_code == 200
    assert RuleVersion.objects.count() == 1


def test_whoever_may_not_change_rules_restores_none(superuser: Client, operating: Client, rule: PolicyRule) -> None:
    change(superuser, rule, effect="deny")
    restore(operating, RuleVersion.objects.get(number=1), 2)
    rule.refresh_from_db()
    assert rule.effect == "deny"
