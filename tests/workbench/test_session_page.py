"""One session's page as the server renders it."""

import re

from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from agents_app.models import Agent
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.types import EventType
from sessions_app.models import Membership, Session, StoredEvent, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.messages import Role, say
from sessions_app.services.sessions import open_session
from sessions_app.views.workbench import EVENTS
from tests.meanwhile import meanwhile
from tests.workbench.conftest import page_data

PAGE = "/workbench/sessions/talk/"
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


def put(session: Session, type: EventType, data: dict[str, object], visibility: str = "operator") -> None:
    """An event as it lies in the log, whoever has made it."""
    seq = session.last_seq + 1
    StoredEvent.objects.create(
        session=session, seq=seq, type=type, data=data, visibility=visibility, timestamp=session.created_at
    )
    session.last_seq = seq
    session.save(update_fields=["last_seq"])


def test_sends_a_stranger_to_the_login(client: Client, session: Session) -> None:
    assert client.get(PAGE)["Location"].endswith(f"?next={PAGE}")


def test_answers_alike_for_a_foreign_and_an_unknown_session(
    desk: Client, session: Session, other_workspace: Workspace
) -> None:
    Agent.objects.create(workspace=other_workspace, name="other", is_default=True)
    open_session(other_workspace, actor=SYSTEM, name="foreign")
    foreign, unknown = desk.get("/workbench/sessions/foreign/"), desk.get("/workbench/sessions/none/")
    assert foreign.status_code == unknown.status_code == 404
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|foreign|none')
    assert token.sub("", foreign.content.decode()) == token.sub("", unknown.content.decode())


def test_asks_a_member_of_several_workspaces_for_one(
    desk: Client, operator: User, session: Session, other_workspace: Workspace
) -> None:
    Membership.objects.create(user=operator, workspace=other_workspace, role="operator")
    assert f"{PAGE}?workspace=shop" in desk.get(PAGE).content.decode()
    assert desk.get(PAGE, {"workspace": "elsewhere"}).status_code == 404
    assert page_data(desk.get(PAGE, {"workspace": "shop"}).content.decode())["workspace"] == "shop"


def test_ends_at_the_seq_from_which_the_stream_goes_on(desk: Client, session: Session, customer_actor: Actor) -> None:
    said = say(session, "My lamp is broken.", actor=customer_actor, role=Role.CUSTOMER)
    body = desk.get(PAGE).content.decode()
    session.refresh_from_db()
    data = page_data(body)
    assert data["last_seq"] == session.last_seq >= said.seq
    assert f'data-last-seq="{session.last_seq}"' in body
    assert f'data-key="message:{said.message_id}"' in body
    assert [entry["message_id"] for entry in data["entries"] if entry["kind"] == "message"] == [said.message_id]


def test_its_status_and_operator_are_never_older_than_its_events(
    desk: Client, session: Session, operator_actor: Actor
) -> None:
    with meanwhile(lambda: accept_session(Session.objects.get(pk=session.pk), actor=operator_actor)):
        data = page_data(desk.get(PAGE).content.decode())
    assert data["entries"][-1]["kind"] == "handoff_accepted"
    assert (data["session"]["status"], data["session"]["operator"]) == ("staffed", "operator")


def test_tells_its_modules_who_could_still_serve(desk: Client, session: Session, colleague_actor: Actor) -> None:
    assert page_data(desk.get(PAGE).content.decode())["colleagues"] == ["olga"]
    User.objects.filter(username="olga").update(is_active=False)
    assert page_data(desk.get(PAGE).content.decode())["colleagues"] == []


def test_writes_hostile_words_names_and_arguments_as_text(desk: Client, session: Session) -> None:
    put(session, EventType.MESSAGE_COMPLETED, {"message_id": "1", "role": "agent", "author": HOSTILE, "text": HOSTILE})
    put(
        session,
        EventType.TOOL_STATUS,
        {"tool_call_id": HOSTILE, "tool_name": HOSTILE, "status": "completed", "arguments": {HOSTILE: HOSTILE}},
    )
    put(session, EventType.ARTIFACT, {"artifact_id": "2", "kind": HOSTILE, "title": HOSTILE, "content": HOSTILE})
    put(
        session,
        EventType.PERMISSION_REQUEST,
        {
            "request_id": "3",
            "kind": "approval",
            "tool_call_id": "4",
            "tool_name": HOSTILE,
            "arguments": {"why": HOSTILE},
            "risk_level": HOSTILE,
            "reasoning": HOSTILE,
            "policy": HOSTILE,
            "expires_at": session.created_at.isoformat(),
        },
    )
    body = desk.get(PAGE).content.decode()
    assert "<img src=x" not in body
    assert "<script>alert" not in body
    assert body.count("&lt;img src=x onerror=alert(1)&gt;") >= 8


def test_shows_each_kind_of_entry_by_its_own_partial(desk: Client, session: Session) -> None:
    put(session, EventType.REASONING_COMPLETED, {"message_id": "1", "text": "A thought."})
    put(session, EventType.OPERATOR_NOTE, {"note_id": "2", "author": "user:olga", "text": "Careful."})
    put(session, EventType.HANDOFF_ACCEPTED, {"handoff_id": "3", "operator": "olga"})
    put(session, EventType.RUN_CANCELLED, {"by": "user:olga"})
    body = desk.get(PAGE).content.decode()
    for kind in ("reasoning", "operator_note", "handoff_accepted", "run_cancelled"):
        assert f'data-kind="{kind}"' in body
    assert '<b data-slot="by">olga</b>' in body


def test_keeps_drafts_for_one_composer_out_of_the_transcript(desk: Client, session: Session) -> None:
    put(session, EventType.NOTICE, {"code": "draft_reply", "draft_id": "1", "text": "Dear Carla", "requested_by": "x"})
    shown = desk.get(PAGE).content.decode().partition('<script id="page"')[0]
    assert "Dear Carla" not in shown


def test_begins_with_the_newest_events_and_offers_the_earlier_ones(
    desk: Client, session: Session, customer_actor: Actor
) -> None:
    for number in range(EVENTS + 10):
        put(session, EventType.NOTICE, {"code": "x", "detail": f"number {number}"})
    body = desk.get(PAGE).content.decode()
    assert "number 9<" not in body
    assert f"number {EVENTS + 9}<" in body
    more = re.search(r'href="\?events=(\d+)"', body)
    assert more is not None
    everything = desk.get(PAGE, {"events": more[1]}).content.decode()
    assert "number 0<" in everything
    assert 'id="earlier"' not in everything


def test_takes_nonsense_for_the_number_of_events_as_none(desk: Client, session: Session) -> None:
    for nonsense in ("-1", "0", "x", "9" * 40, "\u0661"):
        assert desk.get(PAGE, {"events": nonsense}).status_code == 200


def test_costs_the_same_number_of_queries_however_much_was_said(
    desk: Client, session: Session, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(120):
        put(session, EventType.NOTICE, {"code": "x", "detail": f"number {number}"})
    # The login and its user, the membership, the session, its events, the session as of then, and the colleagues.
    with django_assert_num_queries(7):
        desk.get(PAGE)


def test_tells_what_a_supervisor_may_see_from_what_an_operator_may(
    desk: Client, session: Session, supervisor: User
) -> None:
    put(session, EventType.NOTICE, {"code": "x", "detail": "for supervisors"}, visibility="supervisor")
    assert "for supervisors" not in desk.get(PAGE).content.decode()
    above = Client()
    above.force_login(supervisor)
    assert "for supervisors" in above.get(PAGE).content.decode()
