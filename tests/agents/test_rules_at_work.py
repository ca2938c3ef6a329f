"""A workspace's rules decide what its agents may do."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents_app.backends.base import Denied, Verdict
from agents_app.models import Agent, Order, PermissionRequest, PolicyRule, Run, ToolCall
from agents_app.services.judging import judge_call, ruling_on
from agents_app.services.ledger import propose_call
from agents_app.tools.ask_customer import ASK_CUSTOMER
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.models import AuditEntry, Session, Workspace
from tests.agents.policies import PROPOSED, above, add_rule, at_work, judged, question
from tests.agents.work import answered, ends, request_of, said, statuses

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_rule_allows_runs_without_asking(session: Session, order: Order) -> None:
    add_rule(session.workspace, "allow")
    run = answered(session, "refund order 1001")
    order.refresh_from_db()
    assert order.refunded_cents == 1990 and ends(run) == ["run_completed"]
    assert not PermissionRequest.objects.exists()


def test_what_a_rule_forbids_is_not_done_and_the_model_hears_why(session: Session, order: Order) -> None:
    add_rule(session.workspace, "deny", message="Refunds are closed today.")
    run = answered(session, "refund order 1001")
    order.refresh_from_db()
    assert order.refunded_cents == 0 and ends(run) == ["run_completed"]
    assert said(session)[-1].endswith("Refunds are closed today.")
    assert not PermissionRequest.objects.exists()


def test_a_forbidden_call_is_kept_as_denied_in_the_ledger_the_log_and_the_audit(session: Session, order: Order) -> None:
    add_rule(session.workspace, "deny")
    answered(session, "refund order 1001")
    call = ToolCall.objects.get(tool_name="refund_order")
    message = "The policy does not allow this call of refund_order."
    assert (call.status, call.answer, call.ruling["rule"]) == ("denied", message, "refunds v1")
    assert call.ended_at is not None and call.started_at is None
    assert statuses(session, "refund_order") == ["proposed", "denied"]
    entry = AuditEntry.objects.get(action="tool.denied")
    assert (entry.actor_kind, entry.actor, entry.reason) == ("agent", "demo", message)
    assert entry.details == {"tool": "refund_order", "arguments": PROPOSED, "policy": "refunds v1"}


def test_a_free_tool_asks_when_a_rule_says_so(session: Session, order: Order) -> None:
    add_rule(session.workspace, tool="lookup_order")
    run = answered(session, "refund order 1001")
    assert run.status == Run.Status.WAITING and request_of(run).tool_call.tool_name == "lookup_order"


def test_a_question_to_the_customer_can_be_forbidden(session: Session) -> None:
    add_rule(session.workspace, "deny", tool="ask_*", message="Do not ask.")
    run = at_work(session)
    propose_call(run, ASK_CUSTOMER, "q", {"question": "Which?"})
    assert judge_call(run, ASK_CUSTOMER, "q", {"question": "Which?"}) == Denied("Do not ask.")


def test_the_question_names_the_rule_in_its_version(session: Session, order: Order) -> None:
    rule = add_rule(session.workspace, name="refunds above 10", conditions=above(10))
    rule.priority = 50
    rule.save()
    rule.save()
    asked = request_of(answered(session, "refund order 1001"))
    assert asked.policy == "refunds above 10 v3"


def test_a_question_is_put_as_its_rule_says(session: Session, order: Order) -> None:
    asked = question(
        session,
        role="supervisor",
        approvals=2,
        timeout_seconds=60,
        on_timeout="escalate",
        separate_requester=True,
    )
    assert (asked.required_role, asked.approvals_needed, asked.on_timeout) == ("supervisor", 2, "escalate")
    assert asked.separate_requester and asked.timeout_seconds == 60
    assert 30 < (asked.expires_at - asked.requested_at).total_seconds() <= 60


def test_a_rule_that_is_changed_later_changes_no_question_that_was_put(session: Session, order: Order) -> None:
    asked = question(session)
    rule = PolicyRule.objects.get()
    rule.effect, rule.role = "deny", "supervisor"
    rule.save()
    asked.refresh_from_db()
    assert (asked.policy, asked.required_role, asked.status) == ("refunds v1", "operator", "pending")


@pytest.mark.parametrize("more", [{"enabled": False}, {"conditions": above(20)}, {"tool": "refund"}])
def test_a_rule_that_does_not_match_leaves_it_to_the_tool(session: Session, order: Order, more: dict[str, Any]) -> None:
    add_rule(session.workspace, "deny", **more)
    assert request_of(answered(session, "refund order 1001")).policy == "default: refund_order asks a person"


def test_a_rule_of_another_workspace_or_another_agent_says_nothing(
    session: Session, order: Order, other_workspace: Workspace
) -> None:
    add_rule(other_workspace, "deny")
    another = Agent.objects.create(workspace=session.workspace, name="another")
    add_rule(session.workspace, "deny", agent=another)
    assert judged(at_work(session)) is Verdict.ASK


def test_a_rule_for_this_agent_decides(session: Session, agent: Agent) -> None:
    add_rule(session.workspace, "allow", agent=agent)
    assert judged(at_work(session)) is Verdict.ALLOW


def test_a_denial_stays_a_denial_when_a_rerun_proposes_the_call_again(session: Session) -> None:
    rule = add_rule(session.workspace, "deny", message="No.")
    run = at_work(session)
    assert judged(run) == Denied("No.")
    rule.delete()
    assert judged(run) == Denied("No.")
    assert AuditEntry.objects.filter(action="tool.denied").count() == 1


def test_what_ran_before_a_rule_forbade_it_is_not_called_denied(session: Session) -> None:
    rule = add_rule(session.workspace, "allow")
    run = at_work(session)
    assert judged(run) is Verdict.ALLOW
    ToolCall.objects.update(status=ToolCall.Status.COMPLETED)
    rule.effect = "deny"
    rule.save()
    assert judged(run) is Verdict.ALLOW
    assert ToolCall.objects.get().status == ToolCall.Status.COMPLETED


def test_a_ruling_costs_one_query_for_rules_and_one_for_grants(session: Session) -> None:
    run = at_work(session)
    for number in range(5):
        add_rule(session.workspace, name=f"r{number}", agent=run.agent)
    with CaptureQueriesContext(connection) as queries:
        ruling_on(run, REFUND_ORDER.name, PROPOSED, asks=True)
    assert len(queries) == 2


def test_a_version_counts_every_change_even_of_two_people_at_once(workspace: Workspace) -> None:
    first = add_rule(workspace)
    second = PolicyRule.objects.get()
    first.save()
    second.save(update_fields=["priority"])
    assert (first.version, second.version, PolicyRule.objects.get().version) == (2, 3, 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [("conditions", [{"argument": "amount"}]), ("conditions", {}), ("approvals", 0), ("effect", "perhaps")],
)
def test_a_rule_that_cannot_be_is_refused(workspace: Workspace, field: str, value: object) -> None:
    rule = PolicyRule(workspace=workspace, name="r", effect="ask")
    rule.full_clean()
    setattr(rule, field, value)
    with pytest.raises(ValidationError) as refused:
        rule.full_clean()
    assert field in refused.value.message_dict


def test_a_rule_names_no_agent_of_another_workspace(workspace: Workspace, other_workspace: Workspace) -> None:
    foreign = Agent.objects.create(workspace=other_workspace, name="foreign")
    with pytest.raises(ValidationError, match="another workspace"):
        PolicyRule(workspace=workspace, name="r", effect="ask", agent=foreign).full_clean()
