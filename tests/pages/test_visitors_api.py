"""What visitors of the chat page may do over REST, and that it is all they may do."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from agents_app.models import Agent
from config.api import api as ninja_api
from sessions_app.actors import SYSTEM
from sessions_app.models import Session, Workspace
from sessions_app.services.sessions import open_session
from sessions_app.tokens import read_ticket, sign_visitor
from tests.builders import KeyClient
from tests.pages.visiting import Visitor
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db
OPEN_TO_VISITORS = {
    ("post", "/sessions"),
    ("get", "/sessions"),
    ("get", "/sessions/{session}"),
    ("post", "/sessions/{session}/close"),
    ("get", "/sessions/{session}/transcript"),
    ("get", "/sessions/{session}/log"),
    ("post", "/sessions/{session}/stream-ticket"),
    ("post", "/sessions/{session}/messages"),
    ("post", "/sessions/{session}/messages/{message_id}/withdraw"),
    ("post", "/sessions/{session}/typing"),
    ("post", "/sessions/{session}/handoff"),
}
# They stand at doors of their own: nobody is asked, or a stream's credentials are.
WITHOUT_SCHEME = {"/health", "/ready", "/events", "/feed", "/sessions/{session}/events"}


def test_a_visitor_begins_a_session_of_their_own_with_the_chats_agent(visitor: Visitor, chat: Workspace) -> None:
    answer = visitor.post("/sessions", {"language": "ja"})
    assert answer.status_code == 201
    session = Session.objects.get(name=told(answer)["name"])
    assert (session.workspace, session.agent, session.language) == (chat, "demo", "ja")
    assert session.customer.startswith("visitor-")


def test_the_chats_agent_may_be_another_than_the_workspaces(
    visitor: Visitor, chat: Workspace, settings: Settings
) -> None:
    Agent.objects.create(workspace=chat, name="greeter", model="demo")
    settings.CHAT_AGENT = "greeter"
    assert told(visitor.post("/sessions"))["agent"] == "greeter"


@pytest.mark.parametrize(
    "choice",
    [
        {"customer": "carla"},
        {"metadata": {"vip": True}},
        {"busy_policy": "interrupt"},
        {"agent": "demo"},
        {"name": "talk"},
    ],
)
def test_a_visitor_chooses_nothing_but_the_language(visitor: Visitor, choice: dict[str, object]) -> None:
    assert refused(visitor.post("/sessions", choice), 403, "forbidden")
    assert not Session.objects.exists()


def test_a_visitor_speaks_as_the_customer_and_is_answered(visitor: Visitor) -> None:
    name = visitor.begin()
    answer = visitor.post(f"/sessions/{name}/messages", {"text": "hello"})
    assert answer.status_code == 202
    assert told(answer)["run_id"]
    session = Session.objects.get(name=name)
    data = session.events.get(type="message_completed").data
    assert (data["role"], data["author"]) == ("customer", session.customer)


def test_a_visitor_reads_and_ends_their_own_session(visitor: Visitor) -> None:
    name = visitor.begin()
    assert told(visitor.get(f"/sessions/{name}"))["name"] == name
    assert told(visitor.get(f"/sessions/{name}/transcript"))["last_seq"] == 1
    assert [event["type"] for event in told(visitor.get(f"/sessions/{name}/log"))["items"]] == ["session_started"]
    assert visitor.post(f"/sessions/{name}/close").status_code == 200


def test_a_visitor_withdraws_a_message_that_waits(visitor: Visitor) -> None:
    name = visitor.begin()
    visitor.post(f"/sessions/{name}/messages", {"text": "slow 10"})
    waiting = told(visitor.post(f"/sessions/{name}/messages", {"text": "hello"}))["message_id"]
    assert visitor.post(f"/sessions/{name}/messages/{waiting}/withdraw").status_code == 204


def test_a_visitor_lists_only_their_own_sessions(visitor: Visitor, stranger: Visitor, session: Session) -> None:
    mine, theirs = visitor.begin(), stranger.begin()
    assert [item["name"] for item in told(visitor.get("/sessions"))["items"]] == [mine]
    assert told(visitor.get("/sessions", customer="carla"))["items"] == []
    assert [item["name"] for item in told(stranger.get("/sessions"))["items"]] == [theirs]


@pytest.mark.parametrize(
    ("method", "path"),
    sorted((method, path) for method, path in OPEN_TO_VISITORS if "{session}" in path),
)
def test_somebody_elses_session_answers_as_an_unknown_one(
    visitor: Visitor, stranger: Visitor, session: Session, method: str, path: str
) -> None:
    def ask(name: str) -> object:
        address = path.format(session=name, message_id="0b1bb9dd-3c35-4b2e-8a1c-6a0b1f0a9a11")
        answer = visitor.get(address) if method == "get" else visitor.post(address, {"text": "x"})
        return answer.status_code, told(answer)

    unknown = ask("unknown")
    assert unknown == (404, {"code": "not_found", "detail": "There is no such session."})
    assert [ask(stranger.begin()), ask(session.name)] == [unknown, unknown]


def test_whatever_does_not_invite_visitors_is_closed_to_them(visitor: Visitor) -> None:
    name = visitor.begin()
    refusals = {}
    for path, methods in ninja_api.get_openapi_schema()["paths"].items():
        inner = path.removeprefix("/api/v1")
        if inner in WITHOUT_SCHEME:
            continue
        for method in methods:
            if (method, inner) in OPEN_TO_VISITORS:
                continue
            address = inner.replace("{session}", name)
            for word in ("{run_id}", "{request_id}", "{grant_id}", "{message_id}"):
                address = address.replace(word, "0b1bb9dd-3c35-4b2e-8a1c-6a0b1f0a9a11")
            answer = visitor.get(address) if method == "get" else visitor.post(address)
            refusals[method, inner] = (answer.status_code, told(answer)["code"])
    assert refusals
    assert set(refusals.values()) == {(403, "forbidden")}, refusals


def test_a_visitor_who_is_also_a_logged_in_operator_is_a_visitor_there(
    visitor: Visitor, operator: User, session: Session
) -> None:
    visitor.client.force_login(operator)
    assert visitor.get("/sessions/talk").status_code == 404
    assert visitor.get("/permission-requests").status_code == 403
    name = visitor.begin()
    visitor.post(f"/sessions/{name}/messages", {"text": "hello"})
    assert Session.objects.get(name=name).events.get(type="message_completed").data["role"] == "customer"


@pytest.mark.parametrize("token", ["", "forged", "visitor-0:1x:forged"])
def test_a_token_that_is_no_token_lets_nobody_in_not_even_a_member(
    operator_client: Client, chat: Workspace, session: Session, token: str
) -> None:
    for path in ("/api/v1/sessions", "/api/v1/runs", "/api/v1/status"):
        answer = operator_client.get(path, headers={"Authorization": f"Visitor {token}"})
        assert refused(answer, 401, "unauthenticated"), path  # type: ignore[arg-type]


def test_a_token_ends(visitor: Visitor, settings: Settings) -> None:
    settings.CHAT_TOKEN_SECONDS = -1
    assert refused(visitor.get("/sessions"), 401, "unauthenticated")


def test_where_no_chat_page_is_there_are_no_visitors(visitor: Visitor, settings: Settings) -> None:
    settings.CHAT_WORKSPACE = ""
    assert refused(visitor.get("/sessions"), 401, "unauthenticated")


def test_a_visitors_ticket_shows_what_customers_see_to_themselves(visitor: Visitor) -> None:
    path = f"/sessions/{visitor.begin()}/stream-ticket"
    ticket = read_ticket(told(visitor.post(path, {"reader": "user:olga"}))["token"])
    assert ticket is not None
    assert (ticket.level, ticket.reader.split("-")[0]) == ("customer", "customer:visitor")
    assert refused(visitor.post(path, {"level": "operator"}), 403, "forbidden")


def test_a_stream_is_opened_with_a_ticket_even_by_a_member_in_the_same_browser(
    visitor: Visitor, operator: User, session: Session
) -> None:
    visitor.client.force_login(operator)
    for path in ("/sessions/talk/events", "/feed"):
        assert refused(visitor.get(path), 401, "unauthenticated")


def test_another_workspaces_session_of_the_same_customer_is_out_of_reach(
    visitor: Visitor, other_workspace: Workspace, agent: object
) -> None:
    mine = Session.objects.get(name=visitor.begin())
    twin = Session.objects.create(workspace=other_workspace, name="twin", customer=mine.customer)
    assert visitor.get(f"/sessions/{twin.name}").status_code == 404


def test_a_products_own_session_for_a_visitor_is_the_visitors(
    visitor: Visitor, api: KeyClient, chat: Workspace
) -> None:
    customer = Session.objects.get(name=visitor.begin()).customer
    open_session(chat, actor=SYSTEM, name="from-the-product", customer=customer)
    assert visitor.get("/sessions/from-the-product").status_code == 200


def test_a_token_for_another_purpose_is_refused(visitor: Visitor) -> None:
    visitor.config["visitor"]["token"] = visitor.client.cookies["handrail_visitor"].value
    assert refused(visitor.get("/sessions"), 401, "unauthenticated")
    visitor.config["visitor"]["token"] = sign_visitor("visitor-1")
    assert visitor.get("/sessions").status_code == 200
