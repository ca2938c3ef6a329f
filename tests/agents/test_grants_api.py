""" "Always allow", grants and rules over REST."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from agents_app.models import Agent, Grant, PermissionRequest
from sessions_app.actors import SYSTEM
from sessions_app.models import Session, Workspace
from sessions_app.services.api_keys import create_api_key
from tests.agents.policies import ANNA, BEN, EDITED, add_rule, question
from tests.agents.work import request_of, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = {"scope": "session", "expires_in_seconds": 3600}


def make_grant(within: Session, **more: Any) -> Grant:
    given = {"tool": "refund_order", "scope": "workspace", "created_by": "user:anna"}
    expires_at = timezone.now() + timedelta(hours=1)
    return Grant.objects.create(**{"workspace": within.workspace, "expires_at": expires_at, **given, **more})


def decision(request: PermissionRequest) -> str:
    return f"/permission-requests/{request.pk}/decision"


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in told(answer)["items"]]


def test_an_approval_with_a_grant_gives_one_that_is_listed(
    api: KeyClient, request_to_refund: PermissionRequest
) -> None:
    body = {"decision": "approve", "reason": "Fine.", "arguments": EDITED, "grant": HOUR}
    assert api.post(decision(request_to_refund), body).status_code == 200
    (item,) = told(api.get("/grants"))["items"]
    assert (item["tool"], item["scope"], item["session"], item["customer"]) == ("refund_order", "session", "talk", "")
    assert (item["role"], item["reason"], item["uses"], item["revoked_at"]) == ("operator", "Fine.", 0, None)
    assert {one["argument"]: one["value"] for one in item["conditions"]} == EDITED
    assert item["created_by"].startswith("api_key:")


def test_a_grant_takes_conditions(api: KeyClient, request_to_refund: PermissionRequest) -> None:
    conditions = [
        {"argument": "order_number", "operator": "like", "value": "*"},
        {"argument": "amount", "operator": "<=", "value": 20},
    ]
    body = {"decision": "approve", "grant": {**HOUR, "scope": "customer", "conditions": conditions}}
    assert api.post(decision(request_to_refund), body).status_code == 200
    assert Grant.objects.get().conditions == conditions


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "deny", "grant": HOUR},
        {"decision": "approve", "grant": {"scope": "session"}},
        {"decision": "approve", "grant": {**HOUR, "expires_in_seconds": 0}},
        {"decision": "approve", "grant": {**HOUR, "expires_in_seconds": 10**9}},
        {"decision": "approve", "grant": {**HOUR, "scope": "world"}},
        {"decision": "approve", "grant": {**HOUR, "conditions": [{"argument": "amount", "operator": "~", "value": 1}]}},
        {
            "decision": "approve",
            "grant": {**HOUR, "conditions": [{"argument": "amount", "operator": ">", "value": "x"}]},
        },
        {"decision": "approve", "grant": {**HOUR, "conditions": []}},
    ],
)
def test_a_grant_that_cannot_be_answers_422_and_leaves_the_question_open(
    api: KeyClient, request_to_refund: PermissionRequest, body: dict[str, Any]
) -> None:
    answer = api.post(decision(request_to_refund), body)
    assert (answer.status_code, told(answer)["code"]) == (422, "unprocessable")
    assert request_of(request_to_refund.run).status == "pending" and not Grant.objects.exists()


def test_a_key_gives_none_for_the_workspace(api: KeyClient, request_to_refund: PermissionRequest) -> None:
    body = {"decision": "approve", "grant": {**HOUR, "scope": "workspace"}}
    answer = api.post(decision(request_to_refund), body)
    assert (answer.status_code, told(answer)["code"]) == (403, "forbidden")


def test_a_supervisor_gives_one_for_the_workspace(request_to_refund: PermissionRequest, supervisor: User) -> None:
    browser = Client()
    browser.force_login(supervisor)
    body = {"decision": "approve", "grant": {**HOUR, "scope": "workspace"}}
    answer = browser.post(f"/api/v1{decision(request_to_refund)}", body, content_type="application/json")
    assert answer.status_code == 200
    assert (Grant.objects.get().scope, Grant.objects.get().role) == ("workspace", "supervisor")


def test_an_operators_decision_for_supervisors_answers_403(api: KeyClient, session: Session, order: object) -> None:
    answer = api.post(decision(question(session, role="supervisor")), {"decision": "approve"})
    assert (answer.status_code, told(answer)["code"]) == (403, "forbidden")


def test_the_first_of_two_approvals_answers_with_how_far_it_is(
    api: KeyClient, session: Session, order: object, workspace: Workspace
) -> None:
    asked = question(session, approvals=2)
    body = told(api.post(decision(asked), {"decision": "approve", "reason": "Fine."}))
    assert (body["status"], body["approvals_needed"], body["required_role"]) == ("pending", 2, "operator")
    (given,) = body["approvals"]
    assert given["actor"].startswith("api_key:") and (given["role"], given["reason"]) == ("api_key", "Fine.")
    again = api.post(decision(asked), {"decision": "approve"})
    assert (again.status_code, told(again)["code"]) == (409, "already_approved")
    other = KeyClient(create_api_key(workspace, ["permissions"], actor=SYSTEM)[1])
    assert told(other.post(decision(asked), {"decision": "approve"}))["status"] == "approved"


def test_an_approval_of_changed_arguments_must_name_them(api: KeyClient, session: Session, order: object) -> None:
    asked = question(session, approvals=2)
    PermissionRequest.objects.filter(pk=asked.pk).update(edited_arguments=EDITED)
    answer = api.post(decision(asked), {"decision": "approve"})
    assert (answer.status_code, told(answer)["code"]) == (409, "arguments_changed")


def test_grants_are_listed_newest_first_page_by_page(api: KeyClient, session: Session) -> None:
    made = [str(make_grant(session).pk) for _ in range(3)][::-1]
    first = api.get("/grants", limit=2)
    assert ids(first) == made[:2]
    assert ids(api.get("/grants", limit=2, cursor=told(first)["next"])) == made[2:]


def test_grants_are_filtered_by_life_and_by_session(api: KeyClient, session: Session) -> None:
    mine = make_grant(session, scope="session", session=session)
    make_grant(session, scope="customer", customer="someone else")
    ended = make_grant(session, expires_at=timezone.now())
    make_grant(session, scope="customer", customer="dora", revoked_at=timezone.now())
    assert set(ids(api.get("/grants", session="talk"))) == {str(mine.pk), str(ended.pk)}
    assert ids(api.get("/grants", session="talk", live=True)) == [str(mine.pk)]
    assert api.get("/grants", session="nowhere").status_code == 404


def test_a_grant_is_revoked_once(api: KeyClient, session: Session) -> None:
    url = f"/grants/{make_grant(session).pk}/revoke"
    body = told(api.post(url))
    assert body["revoked_at"] is not None and body["revoked_by"].startswith("api_key:")
    again = api.post(url)
    assert (again.status_code, told(again)["code"]) == (409, "grant_revoked")


def test_rules_are_listed_in_the_order_in_which_they_are_tried(api: KeyClient, session: Session, agent: Agent) -> None:
    add_rule(session.workspace, "deny", name="last", priority=200, message="No.")
    add_rule(session.workspace, "ask", name="first", priority=1, agent=agent, approvals=2)
    first, last = told(api.get("/policy-rules"))["items"]
    assert (first["name"], first["agent"], first["effect"], first["approvals"]) == ("first", "demo", "ask", 2)
    assert (last["name"], last["agent"], last["version"], last["message"]) == ("last", None, 1, "No.")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_rules_are_read_only_here(key: str, method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/policy-rules", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 405


def test_another_workspace_sees_and_revokes_none_of_it(session: Session, other_workspace: Workspace) -> None:
    grant = make_grant(session)
    add_rule(session.workspace)
    stranger = KeyClient(create_api_key(other_workspace, ["all"], actor=SYSTEM)[1])
    assert ids(stranger.get("/grants")) == [] and ids(stranger.get("/policy-rules")) == []
    foreign, unknown = stranger.post(f"/grants/{grant.pk}/revoke"), stranger.post(f"/grants/{uuid4()}/revoke")
    assert foreign.status_code == unknown.status_code == 404 and told(foreign) == told(unknown)
    grant.refresh_from_db()
    assert grant.revoked_at is None


def test_a_key_without_the_scope_reads_and_revokes_nothing(session: Session, workspace: Workspace) -> None:
    grant = make_grant(session)
    key = KeyClient(create_api_key(workspace, ["runs", "sessions", "operator"], actor=SYSTEM)[1])
    answers = [key.get("/grants"), key.get("/policy-rules"), key.post(f"/grants/{grant.pk}/revoke")]
    assert {answer.status_code for answer in answers} == {403}


def test_nobody_reads_them_without_a_key(db: None) -> None:
    assert {KeyClient("").get(path).status_code for path in ("/grants", "/policy-rules")} == {401}


def test_two_people_named_in_the_list_are_read_in_the_order_of_their_approvals(
    api: KeyClient, session: Session, order: object
) -> None:
    asked = question(session, approvals=3)
    for actor in (BEN, ANNA):
        asked.approvals.create(actor=str(actor), role=actor.role)
    (item,) = told(api.get("/permission-requests"))["items"]
    assert [given["actor"] for given in item["approvals"]] == ["user:ben", "user:anna"]
