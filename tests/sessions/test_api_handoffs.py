"""Handoffs over REST."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from sessions_app.actors import SYSTEM, Actor
from sessions_app.models import ApiKey, Membership, Session, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.messages import Role, say
from sessions_app.services.sessions import open_session
from tests.builders import KeyClient
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[..., HttpResponse]


def browser(user: User) -> Browser:
    """Calls the API with this person's session cookie: a body posts."""
    client = Client()
    client.force_login(user)

    def call(path: str, body: dict[str, Any] | None = None, **query: str) -> HttpResponse:
        address = f"/api/v1{path}"
        if body is None:
            return client.get(address, query)  # type: ignore[return-value]
        return client.post(address, body, content_type="application/json")  # type: ignore[return-value]

    return call


@pytest.fixture
def oscar(operator: User) -> Browser:
    """The browser of `operator`."""
    return browser(operator)


@pytest.fixture
def olga(colleague_actor: Actor) -> Browser:
    return browser(User.objects.get(username=colleague_actor.name))


@pytest.fixture
def chief(supervisor: User) -> Browser:
    return browser(supervisor)


def test_a_key_asks_for_the_customer(session: Session, api: KeyClient) -> None:
    answer = api.post("/sessions/talk/handoff", {"reason": "Angry.", "priority": "urgent"})
    assert answer.status_code == 201
    body = told(answer)
    assert body.keys() == {
        *("id", "session", "status", "reason", "priority", "trigger", "requested_by", "requested_at"),
        *("operator", "accepted_at", "ended_at"),
    }
    assert (body["session"], body["status"], body["trigger"], body["priority"]) == (
        *("talk", "requested", "customer", "urgent"),
    )
    assert (body["operator"], body["accepted_at"], body["ended_at"]) == ("", None, None)
    assert refused(api.post("/sessions/talk/handoff"), 409, "already_requested")
    row = told(api.get("/sessions/talk"))
    assert (row["status"], row["priority"], row["operator"]) == ("waiting", "urgent", "")
    assert row["waiting_since"] == row["status_changed_at"]


def test_a_priority_is_one_of_four(session: Session, api: KeyClient) -> None:
    assert refused(api.post("/sessions/talk/handoff", {"priority": "now"}), 422, "unprocessable")


def test_the_first_operator_gets_the_session(session: Session, oscar: Browser, olga: Browser, api: KeyClient) -> None:
    api.post("/sessions/talk/handoff")
    won = oscar("/sessions/talk/accept", {})
    assert won.status_code == 200
    assert (told(won)["status"], told(won)["operator"], told(won)["waiting_since"]) == ("staffed", "operator", None)
    lost = olga("/sessions/talk/accept", {})
    assert refused(lost, 409, "already_taken")
    assert told(lost)["detail"] == "operator serves this session."
    assert oscar("/sessions/talk/accept", {}).status_code == 200


def test_a_session_goes_from_hand_to_hand_and_back_to_the_agent(
    session: Session, oscar: Browser, olga: Browser
) -> None:
    oscar("/sessions/talk/accept", {})
    assert told(oscar("/sessions/talk/transfer", {"to": "olga", "reason": "French."}))["operator"] == "olga"
    assert refused(oscar("/sessions/talk/return", {"summary": "x"}), 409, "not_yours")
    assert told(olga("/sessions/talk/transfer", {}))["status"] == "waiting"
    assert refused(olga("/sessions/talk/return", {"summary": "x"}), 409, "not_staffed")
    oscar("/sessions/talk/accept", {})
    returned = told(oscar("/sessions/talk/return", {"summary": "All is well."}))
    assert (returned["status"], returned["operator"]) == ("active", "")


def test_a_supervisor_gives_away_what_others_serve(
    session: Session, oscar: Browser, olga: Browser, chief: Browser
) -> None:
    oscar("/sessions/talk/accept", {})
    assert refused(olga("/sessions/talk/transfer", {"to": "olga"}), 409, "not_yours")
    assert told(chief("/sessions/talk/transfer", {"to": "olga"}))["operator"] == "olga"
    assert refused(chief("/sessions/talk/transfer", {"to": "nobody"}), 422, "unprocessable")


def test_operators_speak_where_they_serve(session: Session, oscar: Browser, olga: Browser, api: KeyClient) -> None:
    message = {"text": "Hi"}
    refusal = oscar("/sessions/talk/messages", message)
    assert refused(refusal, 409, "not_staffed")
    assert told(refusal)["detail"] == "Nobody serves this session. Take the session over first."
    oscar("/sessions/talk/accept", {})
    assert oscar("/sessions/talk/messages", message).status_code == 202
    assert refused(olga("/sessions/talk/messages", message), 409, "not_yours")
    assert told(api.post("/sessions/talk/messages", message))["run_id"] is None


@pytest.mark.parametrize("what", ["accept", "transfer", "return"])
def test_keys_do_not_serve(session: Session, api: KeyClient, what: str) -> None:
    assert refused(api.post(f"/sessions/talk/{what}"), 403, "forbidden")


@pytest.mark.parametrize("what", ["accept", "transfer", "return", "handoff"])
def test_a_foreign_session_and_an_unknown_one_answer_alike(
    session: Session, other_workspace: Workspace, what: str
) -> None:
    stranger = User.objects.create_user("stranger")
    Membership.objects.create(user=stranger, workspace=other_workspace)
    call = browser(stranger)
    foreign, unknown = (call(f"/sessions/{name}/{what}", {}) for name in ("talk", "nothing"))
    assert refused(foreign, 404, "not_found") and told(foreign) == told(unknown)


def test_handoffs_are_listed_newest_first_for_operators(session: Session, oscar: Browser, workspace: Workspace) -> None:
    second = open_session(workspace, actor=SYSTEM, name="second")
    for each in (session, second):
        request_handoff(each, actor=SYSTEM)
    oscar("/sessions/talk/accept", {})
    assert [item["session"] for item in told(oscar("/handoffs"))["items"]] == ["second", "talk"]
    assert [item["session"] for item in told(oscar("/handoffs", status="requested"))["items"]] == ["second"]
    assert [item["operator"] for item in told(oscar("/handoffs", operator="me"))["items"]] == ["operator"]
    first = told(oscar("/handoffs", limit="1"))
    assert [item["session"] for item in told(oscar("/handoffs", cursor=first["next"]))["items"]] == ["talk"]
    customers = KeyClient(create_api_key(workspace, [ApiKey.Scope.SESSIONS], actor=SYSTEM)[1])
    assert refused(customers.get("/handoffs"), 403, "forbidden")
    assert refused(customers.get("/sessions/talk/return-summary"), 403, "forbidden")


def test_sessions_are_found_by_operator_and_by_words(
    session: Session, oscar: Browser, olga: Browser, workspace: Workspace, customer_actor: Actor
) -> None:
    second = open_session(workspace, actor=SYSTEM, name="second", customer="Conrad")
    say(second, "Where is my LAMP?", actor=customer_actor, role=Role.CUSTOMER)
    oscar("/sessions/talk/accept", {})

    def names(call: Browser, **query: str) -> list[str]:
        return [item["name"] for item in told(call("/sessions", **query))["items"]]

    assert names(oscar, operator="me") == names(olga, operator="operator") == ["talk"]
    assert names(olga, operator="me") == []
    assert names(oscar, q="lamp") == names(oscar, q="conr") == names(oscar, q="SECO") == ["second"]
    assert names(oscar, q="100%") == []


def test_a_draft_of_the_summary_tells_what_was_asked_and_answered(
    session: Session, oscar: Browser, operator_actor: Actor, customer_actor: Actor
) -> None:
    assert told(oscar("/sessions/talk/return-summary")) == {"summary": ""}
    request_handoff(session, actor=SYSTEM, reason="Rule wishes")
    say(session, "Where is\nmy lamp?", actor=customer_actor, role=Role.CUSTOMER)
    accept_session(session, actor=operator_actor)
    say(session, "It ships on Monday.", actor=operator_actor, role=Role.OPERATOR)
    assert told(oscar("/sessions/talk/return-summary"))["summary"].split("\n") == [
        "Why a person was asked for: Rule wishes",
        "The customer asked: “Where is my lamp?”",
        "operator answered: “It ships on Monday.”",
    ]


def test_the_queue_is_ordered_by_urgency_and_then_by_waiting_time(workspace: Workspace, session: Session) -> None:
    for name, priority in (("a", "normal"), ("b", "urgent"), ("c", "low"), ("d", "urgent"), ("e", "high")):
        request_handoff(open_session(workspace, actor=SYSTEM, name=name), actor=SYSTEM, priority=priority)
    assert [row.name for row in Session.objects.waiting()] == ["b", "d", "e", "a", "c"]
