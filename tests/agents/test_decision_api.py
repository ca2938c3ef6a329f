"""Deciding over REST."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from agents_app.models import Order, PermissionRequest
from sessions_app.actors import SYSTEM
from sessions_app.models import ApiKey, AuditEntry, Workspace
from sessions_app.services.api_keys import create_api_key
from tests.agents.work import carry_on, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(request_to_refund: PermissionRequest) -> str:
    return f"/permission-requests/{request_to_refund.pk}/decision"


def test_a_key_with_the_scope_decides_and_is_named(
    url: str, request_to_refund: PermissionRequest, workspace: Workspace, order: Order
) -> None:
    key, text = create_api_key(workspace, ["permissions"], actor=SYSTEM)
    answer = KeyClient(text).post(url, {"decision": "approve", "reason": "By rule."})
    assert answer.status_code == 200
    body = told(answer)
    assert (body["status"], body["decided_by"], body["role"]) == ("approved", f"api_key:{key.prefix}", "api_key")
    entry = AuditEntry.objects.get(action="permission.approved")
    assert (entry.actor_kind, entry.actor, entry.reason) == ("api_key", key.prefix, "By rule.")
    carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert order.refunded_cents == 1990


def test_a_key_without_the_scope_may_not_decide(url: str, workspace: Workspace) -> None:
    scopes = [scope for scope in ApiKey.Scope.values if scope != "permissions"]
    answer = KeyClient(create_api_key(workspace, scopes, actor=SYSTEM)[1]).post(url, {"decision": "approve"})
    assert answer.status_code == 403 and told(answer)["code"] == "forbidden"
    assert PermissionRequest.objects.get().status == "pending"


def test_a_key_of_another_workspace_finds_no_such_request(url: str, other_workspace: Workspace) -> None:
    stranger = KeyClient(create_api_key(other_workspace, ["all"], actor=SYSTEM)[1])
    foreign = stranger.post(url, {"decision": "approve"})
    unknown = stranger.post(f"/permission-requests/{uuid4()}/decision", {"decision": "approve"})
    assert (foreign.status_code, told(foreign)) == (unknown.status_code, told(unknown))
    assert foreign.status_code == 404 and told(foreign)["code"] == "not_found"
    assert PermissionRequest.objects.get().status == "pending"


def test_nobody_decides_without_a_key(url: str) -> None:
    answer = KeyClient("").post(url, {"decision": "approve"})
    assert answer.status_code == 401 and told(answer)["code"] == "unauthenticated"


def test_an_operator_decides_in_the_browser_under_their_name(url: str, operator: User, operator_client: Client) -> None:
    refused = operator_client.post(f"/api/v1{url}", {"decision": "deny"}, content_type="application/json")
    assert refused.status_code == 403  # another page could have sent it: there was no CSRF token
    browser = Client()
    browser.force_login(operator)
    answer: HttpResponse = browser.post(  # type: ignore[assignment]
        f"/api/v1{url}", {"decision": "deny", "reason": "No."}, content_type="application/json"
    )
    assert (answer.status_code, told(answer)["decided_by"], told(answer)["role"]) == (
        200,
        "user:operator",
        "operator",
    )


def test_edited_arguments_are_shown_beside_the_proposed_ones(api: KeyClient, url: str) -> None:
    edited = {"order_number": 1001, "amount": "5.00"}
    body = told(api.post(url, {"decision": "approve", "arguments": edited}))
    assert body["arguments"] == {"order_number": 1001, "amount": "19.90"} and body["edited_arguments"] == edited


def test_the_second_decision_answers_409(api: KeyClient, url: str) -> None:
    assert api.post(url, {"decision": "deny"}).status_code == 200
    again = api.post(url, {"decision": "approve"})
    assert (again.status_code, told(again)["code"]) == (409, "already_decided")
    assert PermissionRequest.objects.get().status == "denied"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "maybe"},
        {"decision": "deny", "arguments": {"order_number": 1001}},
        {"decision": "deny", "arguments": {}},
        {"decision": "approve", "arguments": {"order_number": "x"}},
        {"decision": "approve", "arguments": [1001]},
        {"decision": "approve", "reason": "x" * 2001},
    ],
)
def test_what_is_no_decision_answers_422_and_leaves_the_question_open(
    api: KeyClient, url: str, body: dict[str, object]
) -> None:
    answer = api.post(url, body)
    assert (answer.status_code, told(answer)["code"]) == (422, "unprocessable")
    assert PermissionRequest.objects.get().status == "pending"
