"""A permission request is answered on its own page, with everything the API takes and by the same rules."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents_app.models import Agent, Grant, PermissionRequest, PolicyRule, Run, ToolCall
from agents_app.services.permissions import decide
from agents_app.services.policies import add_rule, change_rule
from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.models import AuditEntry, Session, Workspace
from tests.admin.pages import address, said
from tests.admin.rows import ask

pytestmark = pytest.mark.django_db(transaction=True)
Status = PermissionRequest.Status
ANNA = Actor(ActorKind.USER, "anna", role="supervisor")
EDITED = {"order_number": 8, "amount": None}


@pytest.fixture
def asked(session: Session, agent: Agent) -> PermissionRequest:
    return ask(session, agent)


@pytest.fixture
def unknown(asked: PermissionRequest) -> PermissionRequest:
    """A request about a call that died while it ran."""
    ToolCall.objects.filter(pk=asked.tool_call_id).update(status=ToolCall.Status.UNKNOWN)
    PermissionRequest.objects.filter(pk=asked.pk).update(kind="outcome", known={"attempt": 1})
    asked.refresh_from_db()
    return asked


def page(client: Client, asked: PermissionRequest) -> Any:
    answer = client.get(address(PermissionRequest, "change", asked.pk))
    assert answer.status_code == 200
    return answer


def offered(client: Client, asked: PermissionRequest) -> set[str]:
    """The buttons of the page."""
    return set(re.findall(r'name="answer"\s+value="(\w+)"', page(client, asked).content.decode()))


def answer(client: Client, asked: PermissionRequest, word: str, **fields: str) -> HttpResponse:
    to = reverse("admin:agents_app_permissionrequest_decide", args=[asked.pk])
    return client.post(to, {"answer": word, **fields}, follow=True)  # type: ignore[return-value]  # as pages.act


def now(asked: PermissionRequest) -> PermissionRequest:
    return PermissionRequest.objects.select_related("tool_call", "run").get(pk=asked.pk)


def test_a_pending_request_offers_its_answers_and_a_settled_one_none(
    supervising: Client, asked: PermissionRequest
) -> None:
    assert offered(supervising, asked) == {"approve", "deny", "edit", "always"}
    assert said(answer(supervising, asked, "approve", reason="Fine.")) == ["refund_order approved in talk."]
    assert (now(asked).status, now(asked).reason, now(asked).run.status) == ("approved", "Fine.", Run.Status.RESUMING)
    assert offered(supervising, asked) == set()


def test_changed_arguments_are_approved_and_kept_beside_the_proposed_ones(
    supervising: Client, asked: PermissionRequest
) -> None:
    answer(supervising, asked, "edit", arguments='{"order_number": 8}', reason="The other lamp.")
    assert (now(asked).status, now(asked).edited_arguments) == ("approved", EDITED)
    assert now(asked).arguments == now(asked).tool_call.proposed_arguments == {"order_number": 7}
    assert dict(page(supervising, asked).context["page"].arguments).keys() >= {
        "Proposed by the agent",
        "As changed by people",
    }


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ('{"order_number": 8', "Enter a valid JSON."),
        ("[8]", "Arguments are an object"),
        ('{"order_number": "many"}', "order_number: Input should be a valid integer"),
        ('{"order_number": 8, "tip": 1}', "tip: Extra inputs are not permitted"),
    ],
)
def test_arguments_that_cannot_be_are_shown_again_with_what_is_wrong(
    supervising: Client, asked: PermissionRequest, typed: str, problem: str
) -> None:
    again = answer(supervising, asked, "edit", arguments=typed, reason="Careful.")
    form = again.context["page"].forms["edit"]  # type: ignore[attr-defined]
    assert problem in str(form.errors) and form["arguments"].value() == typed
    assert now(asked).status == Status.PENDING


def test_always_allow_makes_a_grant_of_exactly_the_call_with_scope_and_end(
    supervising: Client, asked: PermissionRequest
) -> None:
    answer(supervising, asked, "always", scope="customer", expires_in_seconds="3600", reason="Carla is fine.")
    assert now(asked).status == Status.APPROVED
    grant = Grant.objects.get()
    assert (grant.tool, grant.scope, grant.customer, grant.created_by) == (
        "refund_order",
        "customer",
        "carla",
        "user:supervisor",
    )
    assert grant.conditions == [{"argument": "order_number", "operator": "is", "value": 7}]
    assert timedelta(minutes=59) < grant.expires_at - timezone.now() <= timedelta(hours=1)


def test_no_grant_is_made_for_a_customer_that_a_session_does_not_have(
    supervising: Client, session: Session, asked: PermissionRequest
) -> None:
    Session.objects.filter(pk=session.pk).update(customer="")
    answer(supervising, asked, "always", scope="customer", expires_in_seconds="3600")
    assert now(asked).status == Status.PENDING and not Grant.objects.exists()


@pytest.mark.parametrize(
    ("word", "fields", "status", "call_status"),
    [
        ("run_again", {}, Status.RUN_AGAIN, ToolCall.Status.APPROVED),
        ("done", {"result": '{"refunded": "19.90"}'}, Status.DONE, ToolCall.Status.COMPLETED),
        ("done", {"result": "null"}, Status.DONE, ToolCall.Status.COMPLETED),
        ("give_up", {}, Status.GIVEN_UP, ToolCall.Status.UNKNOWN),
    ],
)
def test_a_call_that_died_is_answered_in_its_own_words(
    supervising: Client,
    unknown: PermissionRequest,
    word: str,
    fields: dict[str, str],
    status: str,
    call_status: str,
) -> None:
    assert offered(supervising, unknown) == {"run_again", "done", "give_up"}
    answer(supervising, unknown, word, reason="Looked.", **fields)
    settled = now(unknown)
    assert (settled.status, settled.tool_call.status, settled.reason) == (status, call_status, "Looked.")
    if word == "done":
        assert settled.tool_call.result == json.loads(fields["result"])


def test_a_result_has_to_be_given(supervising: Client, unknown: PermissionRequest) -> None:
    answer(supervising, unknown, "done", result=" ")
    assert now(unknown).status == Status.PENDING


def test_what_does_not_fit_the_kind_of_request_is_refused(supervising: Client, unknown: PermissionRequest) -> None:
    assert said(answer(supervising, unknown, "approve")) == [
        "refund_order pending in talk: This request takes no such answer."
    ]
    assert now(unknown).status == Status.PENDING


def test_who_lost_the_race_is_told_who_won(supervising: Client, asked: PermissionRequest) -> None:
    decide(now_for_services(asked), approve=False, actor=ANNA, reason="Not this one.")
    assert said(answer(supervising, asked, "approve")) == [
        "refund_order denied in talk: This request has already been decided: "
        "denied by user:anna (supervisor): Not this one."
    ]


def now_for_services(asked: PermissionRequest) -> PermissionRequest:
    rows = PermissionRequest.objects.select_related("run__session__workspace", "run__agent", "tool_call")
    return rows.get(pk=asked.pk)


def test_what_only_supervisors_may_decide_is_not_offered_to_a_superuser_who_is_an_operator_there(
    superuser: Client, workspace: Workspace, asked: PermissionRequest
) -> None:
    User.objects.get(username="root").memberships.create(workspace=workspace, role="operator")
    PermissionRequest.objects.filter(pk=asked.pk).update(required_role="supervisor")
    assert offered(superuser, asked) == set()
    assert said(answer(superuser, asked, "approve")) == [
        "refund_order pending in talk: Only a supervisor may decide this request."
    ]
    assert now(asked).status == Status.PENDING


def test_whoever_asked_for_it_may_deny_it_and_not_approve_it(supervising: Client, asked: PermissionRequest) -> None:
    PermissionRequest.objects.filter(pk=asked.pk).update(separate_requester=True)
    Run.objects.filter(pk=asked.run_id).update(requesters=["user:supervisor"])
    assert offered(supervising, asked) == {"deny"}
    answer(supervising, asked, "always", scope="session", expires_in_seconds="3600")
    assert now(asked).status == Status.PENDING and not Grant.objects.exists()


def test_the_second_of_two_approvals_is_for_somebody_else(
    supervising: Client, superuser: Client, asked: PermissionRequest
) -> None:
    PermissionRequest.objects.filter(pk=asked.pk).update(approvals_needed=2)
    assert offered(supervising, asked) == {"approve", "deny", "edit"}
    assert said(answer(supervising, asked, "approve", reason="One.")) == [
        "refund_order pending in talk: 1 of 2 approvals."
    ]
    assert offered(supervising, asked) == {"deny"}
    assert "user:supervisor" in page(superuser, asked).content.decode()
    answer(superuser, asked, "approve", reason="Two.")
    assert now(asked).status == Status.APPROVED


def test_nobody_approves_arguments_that_were_not_on_their_page(
    supervising: Client, superuser: Client, asked: PermissionRequest
) -> None:
    PermissionRequest.objects.filter(pk=asked.pk).update(approvals_needed=2)
    answer(superuser, asked, "edit", arguments=json.dumps({"order_number": 8}))
    late = said(answer(supervising, asked, "approve"))
    assert late == [
        "refund_order pending in talk: Somebody changed the arguments: look at them, and approve with exactly these "
        "arguments."
    ]
    seen = page(supervising, asked).context["page"].forms["plain"]["seen"].value()
    answer(supervising, asked, "approve", seen=seen)
    assert (now(asked).status, now(asked).edited_arguments) == ("approved", EDITED)


def test_a_request_whose_time_is_over_offers_nothing_and_takes_nothing(
    supervising: Client, asked: PermissionRequest
) -> None:
    PermissionRequest.objects.filter(pk=asked.pk).update(expires_at=timezone.now())
    assert offered(supervising, asked) == set()
    answer(supervising, asked, "deny")
    assert now(asked).status == Status.PENDING


def test_the_page_shows_the_wording_that_asked_though_the_rule_has_changed_since(
    supervising: Client, workspace: Workspace, asked: PermissionRequest
) -> None:
    rule = PolicyRule(workspace=workspace, name="refunds", tool="refund_*", effect="ask", message="First words.")
    add_rule(rule, actor=SYSTEM)
    PermissionRequest.objects.filter(pk=asked.pk).update(policy=str(rule))
    rule.message = "Second words."
    change_rule(rule, seen=1, actor=SYSTEM)
    text = page(supervising, asked).content.decode()
    assert "First words." in text and "Second words." not in text
    assert address(PolicyRule, "change", rule.pk) in text and "v2 now" in " ".join(text.split())


def test_the_page_shows_the_audit_entries_of_this_request_alone(
    supervising: Client, agent: Agent, session: Session, asked: PermissionRequest
) -> None:
    answer(supervising, asked, "deny", reason="No.")
    shown = [(entry.action, entry.reason) for entry in page(supervising, asked).context["page"].entries]
    assert shown == [("permission.denied", "No.")]


def test_an_answer_needs_a_token_of_the_page(supervisor: User, supervising: Client, asked: PermissionRequest) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(supervisor)
    to = reverse("admin:agents_app_permissionrequest_decide", args=[asked.pk])
    assert browser.post(to, {"answer": "approve"}).status_code == 403
    assert now(asked).status == Status.PENDING


def test_nobody_answers_for_another_workspace(
    stranger: Client, operating: Client, anonymous: Client, asked: PermissionRequest
) -> None:
    for client in (stranger, operating, anonymous):
        answer(client, asked, "approve")
    assert now(asked).status == Status.PENDING
    assert not AuditEntry.objects.filter(target=str(asked.pk)).exists()


def test_looking_is_not_answering(supervising: Client, asked: PermissionRequest) -> None:
    to = reverse("admin:agents_app_permissionrequest_decide", args=[asked.pk])
    assert supervising.get(to, {"answer": "approve"}).status_code == 405
    assert now(asked).status == Status.PENDING
