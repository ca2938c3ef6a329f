"""The chat page: what the server renders, for whom, and where the page's module goes on."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents_app.models import Order
from sessions_app.actors import SYSTEM
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Session, Workspace
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.sessions import open_session
from tests.meanwhile import meanwhile
from tests.pages.visiting import Visitor, config

pytestmark = pytest.mark.django_db
MARKUP = '<img src=x onerror="alert(1)"></script><b>'


def shown(visitor: Visitor, path: str = "/", **headers: str) -> str:
    return visitor.client.get(path, headers=headers).content.decode()


def tell(name: str, type: EventType, **data: object) -> None:
    record(Session.objects.get(name=name), type, data)


def test_a_newcomer_is_shown_how_to_begin(visitor: Visitor) -> None:
    page = shown(visitor)
    assert "How can we help?" in page
    assert (visitor.config["session"], visitor.config["last_seq"], visitor.config["events"]) == (None, 0, [])


def test_suggestions_are_the_installations_own(visitor: Visitor, settings: Settings) -> None:
    settings.CHAT_SUGGESTIONS = ["Where is my parcel?"]
    assert 'data-say="Where is my parcel?"' in shown(visitor)
    assert "where is order 1001" not in shown(visitor)
    settings.DEMO_PASSWORDS = {"operator": "x"}
    assert 'data-say="where is order 1001"' in shown(visitor)


def test_the_demo_offers_a_refund_of_an_order_that_has_something_left(
    visitor: Visitor, chat: Workspace, other_workspace: Workspace, settings: Settings
) -> None:
    settings.DEMO_PASSWORDS = {"operator": "x"}
    Order.objects.create(workspace=other_workspace, number=1000, item="Chair", total_cents=100)
    Order.objects.create(workspace=chat, number=1001, item="Desk", total_cents=100, refunded_cents=100)
    assert 'data-say="refund' not in shown(visitor)
    Order.objects.create(workspace=chat, number=1002, item="Lamp", total_cents=100, refunded_cents=99)
    assert 'data-say="refund order 1002"' in shown(visitor)


def test_the_page_shows_the_newest_conversation_up_to_a_seq_and_says_which(visitor: Visitor) -> None:
    name = visitor.begin()
    visitor.post(f"/sessions/{name}/messages", {"text": "where is order 1001"})
    page = shown(visitor)
    told = visitor.open()
    session = Session.objects.get(name=name)
    assert "where is order 1001</div>" in page
    assert (told["session"]["name"], told["last_seq"]) == (name, session.last_seq)
    assert [event["seq"] for event in told["events"]] == list(range(1, session.last_seq + 1))


def test_the_pages_status_is_never_older_than_its_events(visitor: Visitor) -> None:
    session = Session.objects.get(name=visitor.begin())
    with meanwhile(lambda: request_handoff(session, actor=SYSTEM)):
        told = visitor.open()
    assert told["events"][-1]["type"] == "handoff_requested"
    assert told["session"]["status"] == "waiting"


def test_what_happens_after_the_page_is_after_the_pages_seq(visitor: Visitor) -> None:
    name = visitor.begin()
    last_seq = visitor.open()["last_seq"]
    visitor.post(f"/sessions/{name}/messages", {"text": "hello"})
    later = json.loads(visitor.get(f"/sessions/{name}/log", after=last_seq).content)["items"]
    assert next(event["seq"] for event in later) == last_seq + 1


def test_events_a_customer_may_not_see_are_not_in_the_page_but_count(visitor: Visitor) -> None:
    name = visitor.begin()
    tell(name, EventType.OPERATOR_NOTE, note_id="1", author="olga", text="a private word")
    tell(name, EventType.TOOL_STATUS, tool_call_id="t", tool_name="refund_order", status="waiting_permission",
         arguments={"order": "secret-1001"}, risk_level="high")  # fmt: skip
    page = shown(visitor)
    assert "a private word" not in page
    assert "secret-1001" not in page
    assert visitor.open()["last_seq"] == 3


def test_a_tool_is_told_in_the_customers_words(visitor: Visitor) -> None:
    name = visitor.begin()
    tell(name, EventType.TOOL_STATUS, tool_call_id="a", tool_name="refund_order", status="waiting_permission")
    tell(name, EventType.TOOL_STATUS, tool_call_id="b", tool_name="depot__find_part", status="completed")
    page = shown(visitor)
    assert "Refunding your order" in page
    assert 'data-when="waiting_permission" >waiting for a colleague' in page
    assert "Depot find part" in page


def test_a_question_is_shown_once_and_not_as_a_tool(visitor: Visitor) -> None:
    name = visitor.begin()
    tell(name, EventType.TOOL_STATUS, tool_call_id="a", tool_name="ask_customer", status="waiting_input")
    tell(name, EventType.INPUT_REQUIRED, tool_call_id="a", question="Which colour?")
    page = shown(visitor)
    assert page.count("Which colour?</p>") == 1
    assert 'data-key="tool:a"' not in page


def test_what_others_did_is_told_and_what_the_customer_did_is_not(visitor: Visitor) -> None:
    name = visitor.begin()
    tell(name, EventType.RUN_CANCELLED, by="customer")
    assert "A colleague stopped the answer." not in shown(visitor).split("<template")[0]
    tell(name, EventType.RUN_CANCELLED, by="operator")
    tell(name, EventType.HANDOFF_ACCEPTED, handoff_id="1", operator="olga")
    page = shown(visitor).split("<template")[0]
    assert "A colleague stopped the answer." in page
    assert 'You are talking with <b data-slot="operator">olga</b>.' in page


def test_an_agents_words_that_were_taken_back_are_gone_and_a_customers_are_struck_through(visitor: Visitor) -> None:
    name = visitor.begin()
    for role in ("agent", "customer"):
        said = {"message_id": role, "role": role, "author": role}
        tell(name, EventType.MESSAGE_STARTED, **said)
        tell(name, EventType.MESSAGE_DISCARDED, message_id=role)
    page = shown(visitor)
    assert 'data-key="message:agent"' not in page
    assert 'data-key="message:customer"' in page


@pytest.mark.parametrize("role", ["customer", "agent", "operator", "system"])
def test_markup_in_what_people_and_agents_say_stays_text(visitor: Visitor, role: str) -> None:
    name = visitor.begin()
    tell(name, EventType.MESSAGE_COMPLETED, message_id="1", role=role, author=MARKUP, text=MARKUP)
    tell(name, EventType.TOOL_STATUS, tool_call_id=MARKUP, tool_name=MARKUP, status=MARKUP)
    tell(name, EventType.ARTIFACT, artifact_id="1", kind=MARKUP, title=MARKUP, content=MARKUP)
    tell(name, EventType.INPUT_REQUIRED, tool_call_id="1", question=MARKUP)
    tell(name, EventType.HANDOFF_ACCEPTED, operator=MARKUP)
    page = shown(visitor)
    assert "<img src=x" not in page
    assert "</script><b>" not in page
    assert config(visitor.client.get("/"))["events"][1]["data"]["text"] == MARKUP


def test_a_visitor_goes_back_to_any_conversation_of_their_own_and_may_begin_another(visitor: Visitor) -> None:
    first, second = visitor.begin(), visitor.begin()
    assert visitor.open()["session"]["name"] == second
    assert visitor.open(f"/?session={first}")["session"]["name"] == first
    assert visitor.open("/?new")["session"] is None
    assert f"?session={first}" in shown(visitor, "/?new")


def test_a_closed_conversation_is_left_behind_but_can_be_read(visitor: Visitor) -> None:
    name = visitor.begin()
    visitor.post(f"/sessions/{name}/close")
    assert visitor.open()["session"] is None
    assert visitor.open(f"/?session={name}")["session"]["status"] == "closed"


@pytest.mark.parametrize("name", ["talk", "unknown", "a%00b"])
def test_a_foreign_conversation_is_answered_like_an_unknown_one(visitor: Visitor, session: Session, name: str) -> None:
    assert visitor.client.get(f"/?session={name}").status_code == 404


def test_the_test_page_is_the_same_with_its_panel_open(visitor: Visitor) -> None:
    name = visitor.begin()
    told = visitor.open("/test")
    assert (told["session"]["name"], told["developer"]) == (name, True)
    panels = [shown(visitor, path).split('id="panel"')[1].split(">")[0] for path in ("/", "/test")]
    assert ["hidden" in panel for panel in panels] == [True, False]


def test_the_page_is_never_kept_by_caches_and_no_script_can_read_the_cookie(visitor: Visitor) -> None:
    answer = visitor.client.get("/")
    cookie = answer.cookies["handrail_visitor"]
    assert "no-store" in answer["cache-control"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 90 * 86_400


def test_a_browser_stays_the_same_visitor_until_its_cookie_is_gone_or_not_ours(visitor: Visitor) -> None:
    name = visitor.begin()
    assert visitor.open()["session"]["name"] == name
    visitor.client.cookies["handrail_visitor"] = "visitor-1:forged"
    assert visitor.open()["session"] is None


def test_a_session_speaks_the_visitors_language(visitor: Visitor) -> None:
    assert visitor.open(accept_language="zh-CN")["language"] == "zh-hans"


def test_a_token_is_renewed_with_the_cookie_and_never_without(visitor: Visitor) -> None:
    answer = visitor.client.post("/visitor-token")
    assert answer.status_code == 200
    before, visitor.config = visitor.config, {"visitor": answer.json()}
    assert visitor.get("/sessions").status_code == 200
    assert before["visitor"].keys() == {"token", "seconds"}
    assert visitor.client.get("/visitor-token").status_code == 405
    answer = Client().post("/visitor-token")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_another_site_cannot_renew_a_token(chat: Workspace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    assert client.post("/visitor-token").status_code == 403
    token = client.cookies["csrftoken"].value
    assert client.post("/visitor-token", headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize("workspace_name", ["", "nowhere"])
def test_without_a_workspace_to_serve_there_is_no_chat_and_members_are_sent_on(
    client: Client, settings: Settings, operator: User, workspace_name: str
) -> None:
    settings.CHAT_WORKSPACE = workspace_name
    answer = client.get("/")
    assert (answer.status_code, "handrail_visitor" in answer.cookies) == (200, False)
    assert "There is no chat at this address" in answer.content.decode()
    client.force_login(operator)
    assert client.get("/")["location"] == "/workbench/"


def test_a_logged_in_operator_is_a_customer_on_the_chat_page(visitor: Visitor, operator: User) -> None:
    name = visitor.begin()
    visitor.client.force_login(operator)
    assert visitor.open()["session"]["name"] == name
    assert 'action="/accounts/logout/"' in shown(visitor)


def test_the_page_costs_the_same_however_long_the_conversation(
    visitor: Visitor, django_assert_max_num_queries: object
) -> None:
    name = visitor.begin()
    for number in range(20):
        tell(name, EventType.MESSAGE_COMPLETED, message_id=str(number), role="customer", author="x", text="x")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        visitor.client.get("/")


def test_another_workspaces_conversations_are_not_offered(visitor: Visitor, other_workspace: Workspace) -> None:
    customer = Session.objects.get(name=visitor.begin()).customer
    Session.objects.create(workspace=other_workspace, name="elsewhere", customer=customer, last_event_at=timezone.now())
    assert visitor.open()["session"]["name"] != "elsewhere"
    assert visitor.client.get("/?session=elsewhere").status_code == 404


def test_a_session_of_nobody_is_nobodys(visitor: Visitor, chat: Workspace) -> None:
    open_session(chat, actor=SYSTEM, name="anonymous")
    assert visitor.client.get("/?session=anonymous").status_code == 404
