"""A rule is tried on the calls that were made before it is saved, and trying it changes nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents_app.models import Agent, Grant, McpServer, PolicyRule, RuleVersion, Run, ToolCall
from agents_app.policy import Effect
from agents_app.services import simulating
from agents_app.services.policies import add_rule
from agents_app.services.simulating import NEWEST, newest_calls, past_calls, simulate
from sessions_app.actors import SYSTEM
from sessions_app.models import AuditEntry, Session, Workspace
from sessions_app.services.sessions import open_session
from tests.admin.pages import address
from tests.admin.rows import Rows
from tests.admin.test_policy import FORM

Counts = list[tuple[str, int, int]]


def called(session: Session, agent: Agent, tool: str = "refund_order", times: int = 1, **arguments: object) -> Run:
    run = Run.objects.create(session=session, agent=agent, prompt="…", status=Run.Status.COMPLETED)
    ToolCall.objects.bulk_create(
        ToolCall(run=run, tool_call_id=f"c{number}", tool_name=tool, risk_level="low", proposed_arguments=arguments)
        for number in range(times)
    )
    return run


@pytest.fixture
def past(session: Session, agent: Agent) -> None:
    """Two large refunds, three small ones, and four looks at an order."""
    called(session, agent, times=2, order_number=1, amount="500.00")
    called(session, agent, times=3, order_number=1, amount="5.00")
    called(session, agent, "lookup_order", times=4, order_number=1)


@pytest.fixture
def rule(workspace: Workspace) -> PolicyRule:
    large = [{"argument": "amount", "operator": ">", "value": 100}]
    return add_rule(
        PolicyRule(workspace=workspace, name="refunds above 100", tool="refund_*", conditions=large, effect="deny"),
        actor=SYSTEM,
    )


def form(**fields: str) -> dict[str, str]:
    return {**FORM, "approvals": "1", "role": "operator", "on_timeout": "deny", **fields}


def tried(client: Client, rule: PolicyRule | None, **fields: str) -> Any:
    name = "simulate" if rule else "simulate_new"
    to = reverse(f"admin:agents_app_policyrule_{name}", args=[rule.pk] if rule else [])
    answer = client.post(to, form(**fields))
    assert answer.status_code == 200
    return answer


def test_a_changed_rule_is_tried_with_the_values_typed_and_nothing_is_saved(
    superuser: Client, past: None, rule: PolicyRule
) -> None:
    entries = AuditEntry.objects.count()
    answer = tried(superuser, rule, effect="allow")
    assert answer.context["tried"].counts == [("allow", 4, 6), ("ask", 3, 3), ("deny", 2, 0)]
    assert ["amount: 500.00" in one["arguments"] for one in answer.context["differences"]] == [True, True]
    assert answer.context["differences"][0]["before"].rule == "refunds above 100 v1"
    rule.refresh_from_db()
    assert (rule.effect, rule.version, RuleVersion.objects.count()) == ("deny", 1, 1)
    assert AuditEntry.objects.count() == entries


def test_what_was_tried_can_be_saved_from_the_same_page(superuser: Client, past: None, rule: PolicyRule) -> None:
    answer = tried(superuser, rule, effect="allow", change_reason="Tried it.")
    shown = answer.context["adminform"].form
    assert shown["effect"].value() == "allow" and shown["change_reason"].value() == "Tried it."
    assert f'action="{address(PolicyRule, "change", rule.pk)}"' in answer.content.decode()
    saved = superuser.post(address(PolicyRule, "change", rule.pk), form(effect="allow", change_reason="Tried it."))
    assert saved.status_code == 302
    rule.refresh_from_db()
    assert str(rule) == "refunds above 100 v2"


def test_a_new_rule_is_tried_before_there_is_one(superuser: Client, workspace: Workspace, past: None) -> None:
    answer = tried(superuser, None, name="free", conditions="[]", effect="allow", workspace=str(workspace.pk))
    assert answer.context["tried"].counts == [("allow", 4, 9), ("ask", 5, 0), ("deny", 0, 0)]
    assert not PolicyRule.objects.exists()


@pytest.mark.parametrize("enabled", ["", "on"])
def test_a_rule_that_is_disabled_counts_as_deleted(
    superuser: Client, past: None, rule: PolicyRule, enabled: str
) -> None:
    without = {"enabled": enabled, "effect": "deny"} if enabled else {"effect": "deny"}
    body = {name: value for name, value in form(**without).items() if enabled or name != "enabled"}
    answer = superuser.post(reverse("admin:agents_app_policyrule_simulate", args=[rule.pk]), body)
    assert answer.context["tried"].after["deny"] == (2 if enabled else 0)


def test_looking_at_the_policy_without_a_rule_needs_no_permission_to_change_it(
    supervising: Client, past: None, rule: PolicyRule
) -> None:
    answer = supervising.get(reverse("admin:agents_app_policyrule_without", args=[rule.pk]))
    assert answer.status_code == 200
    assert answer.context["tried"].counts == [("allow", 4, 4), ("ask", 3, 5), ("deny", 2, 0)]
    assert PolicyRule.objects.exists()


def test_a_rule_that_cannot_be_is_shown_again_and_not_tried(superuser: Client, past: None, rule: PolicyRule) -> None:
    answer = tried(superuser, rule, conditions="{}")
    assert "conditions" in answer.context["adminform"].errors and "tried" not in answer.context


def test_only_whoever_may_save_a_rule_tries_one(
    supervising: Client, stranger: Client, past: None, rule: PolicyRule, foreign_rows: Rows
) -> None:
    assert tried(supervising, rule).context["tried"].calls == 9
    to = reverse("admin:agents_app_policyrule_simulate", args=[foreign_rows[PolicyRule].pk])
    assert supervising.post(to, form()).status_code == 302
    for name in ("simulate", "without"):
        to = reverse(f"admin:agents_app_policyrule_{name}", args=[rule.pk])
        assert (stranger.post if name == "simulate" else stranger.get)(to).status_code == 302


def test_calls_of_another_workspace_are_not_tried_on(
    superuser: Client, past: None, rule: PolicyRule, other_workspace: Workspace
) -> None:
    theirs = Agent.objects.create(workspace=other_workspace, name="theirs", model="demo", is_default=True)
    called(open_session(other_workspace, actor=SYSTEM, name="far"), theirs, times=5, amount="900")
    assert simulate(rule.workspace, without=rule.pk).calls == 9


def test_the_newest_thousand_calls_count_in_two_queries_and_a_few(
    workspace: Workspace, session: Session, agent: Agent, rule: PolicyRule
) -> None:
    called(session, agent, times=NEWEST + 5, order_number=1, amount="500.00")
    called(session, agent, order_number=2, amount="5.00")
    with CaptureQueriesContext(connection) as captured:
        tried_on = simulate(workspace, without=rule.pk)
    assert tried_on.calls == NEWEST and tried_on.before[Effect.ASK] == 1
    # The rules, the servers whose tools may ask, and the calls.
    assert len(captured) == 3


def test_calls_are_found_by_way_of_the_sessions_in_which_something_happened_last(
    workspace: Workspace, past: None, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    called(open_session(workspace, actor=SYSTEM, name="later"), agent, times=2, amount="5.00")
    assert [call.session for call in past_calls(workspace)] == ["later"] * 2 + ["talk"] * 9
    monkeypatch.setattr(simulating, "SESSIONS", 1)
    assert [call.session for call in past_calls(workspace)] == ["later"] * 2


def test_the_ledger_of_all_workspaces_is_not_walked_for_one(workspace: Workspace, past: None) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # On a table as small as this one everything is cheap: an index that had the order would be taken now.
            for way in ("seqscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = newest_calls(workspace)[:NEWEST].explain()
    assert "toolcall" in plan and "Backward using agents_app_toolcall_pkey" not in plan
    assert "SCAN agents_app_toolcall" not in plan


def test_grants_are_left_out_what_they_would_answer_counts_as_asked(
    workspace: Workspace, past: None, session: Session, supervisor_actor: Any
) -> None:
    Grant.objects.create(
        workspace=workspace,
        tool="refund_order",
        conditions=[{"argument": "order_number", "operator": "is", "value": 1}],
        scope="workspace",
        created_by="user:anna",
        expires_at="2999-01-01T00:00Z",
    )
    assert simulate(workspace).before[Effect.ASK] == 5


@pytest.mark.parametrize(("asks", "expected"), [(True, True), (False, False)])
def test_tools_of_a_server_ask_as_their_server_says_and_unknown_ones_ask(
    workspace: Workspace, session: Session, agent: Agent, asks: bool, expected: bool
) -> None:
    McpServer.objects.create(workspace=workspace, name="depot", prefix="depot", url="http://x", asks=asks)
    called(session, agent, "depot_send")
    called(session, agent, "gone_send")
    assert {past.call.tool: past.asks for past in past_calls(workspace)} == {
        "depot_send": expected,
        "gone_send": True,
    }
