"""Sessions over REST."""

import pytest
from django.contrib.auth.models import User

from agents_app.models import Agent
from sessions_app.actors import SYSTEM, Actor
from sessions_app.models import AuditEntry, Session, StoredEvent, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.sessions import open_session
from tests.builders import KeyClient, MemberClient
from tests.meanwhile import meanwhile
from tests.sessions.refusals import refused, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agent")]


def test_a_session_is_opened_with_what_the_product_knows(api: KeyClient) -> None:
    body = {"name": "order-7:web@1", "customer": "carla", "language": "de", "metadata": {"plan": "gold", "n": [1]}}
    answer = api.post("/sessions", body)
    assert answer.status_code == 201
    opened = told(answer)
    assert {**opened, **body} == opened
    assert (opened["status"], opened["agent"], opened["last_seq"]) == ("active", "demo", 1)
    assert told(api.get("/sessions/order-7:web@1")) == opened


def test_everything_is_optional_and_a_name_nobody_can_guess_is_made_up(api: KeyClient) -> None:
    names = {told(api.post("/sessions"))["name"] for _ in range(5)}
    assert len(names) == 5
    assert all(len(name) > 15 for name in names)


def test_opening_is_the_first_event_and_is_audited(api: KeyClient) -> None:
    api.post("/sessions", {"name": "talk"})
    assert [row.type for row in StoredEvent.objects.all()] == ["session_started"]
    assert AuditEntry.objects.get(action="session.opened").session_name == "talk"


@pytest.mark.parametrize(
    "name", ["a b", "a\n", "\na", "a\x00", "a\x1b[31m", "a/b", "ä", "-a", ".a", "a=1", "a,b", "a" * 121, "\u202e"]
)
def test_a_name_that_could_do_harm_is_422_and_opens_nothing(api: KeyClient, name: str) -> None:
    assert refused(api.post("/sessions", {"name": name}), 422, "unprocessable")
    assert not Session.objects.exists()


def test_a_name_that_is_taken_is_409_and_in_another_workspace_it_is_free(
    api: KeyClient, other_workspace: Workspace
) -> None:
    Agent.objects.create(workspace=other_workspace, name="demo", model="demo", is_default=True)
    open_session(other_workspace, actor=SYSTEM, name="talk")
    assert api.post("/sessions", {"name": "talk"}).status_code == 201
    assert refused(api.post("/sessions", {"name": "talk"}), 409, "conflict")


def test_an_unknown_agent_is_422(api: KeyClient) -> None:
    assert refused(api.post("/sessions", {"agent": "nobody"}), 422, "unknown_agent")
    assert refused(api.post("/sessions", {"agent": "a\x00"}), 422, "unknown_agent")


@pytest.mark.parametrize(
    "body",
    [
        {"customer": "x" * 201},
        {"language": "x" * 21},
        {"metadata": []},
        {"metadata": "x"},
        {"name": 5},
        {"customer": "\ud800"},
    ],
)
def test_a_body_of_the_wrong_kind_is_422(api: KeyClient, body: object) -> None:
    assert refused(api.post("/sessions", body), 422, "unprocessable")


def test_what_cannot_be_stored_in_a_description_is_replaced(api: KeyClient) -> None:
    raw = '{"customer": "a\\u0000b", "language": "d\\u0000", "metadata": {"k\\u0000": ["\\ud800", NaN, 1e999]}}'
    opened = told(api.post("/sessions", raw))
    assert (opened["customer"], opened["language"]) == ("a\ufffdb", "d\ufffd")
    assert opened["metadata"] == {"k\ufffd": ["\ufffd", None, None]}


def test_metadata_that_is_nested_without_end_is_refused(api: KeyClient) -> None:
    for depth in (100, 400, 900, 5000, 100_000):
        raw = '{"metadata": {"x": ' + "[" * depth + "]" * depth + "}}"
        assert api.post("/sessions", raw).status_code in (201, 400, 422), depth


def test_a_foreign_and_an_unknown_session_answer_alike(api: KeyClient, other_workspace: Workspace) -> None:
    Session.objects.create(workspace=other_workspace, name="foreign")
    for path in ("", "/transcript", "/log"):
        foreign, unknown = api.get(f"/sessions/foreign{path}"), api.get(f"/sessions/unknown{path}")
        assert refused(foreign, 404, "not_found")
        assert foreign.content == unknown.content
        assert refused(api.get(f"/sessions/a%00b{path}"), 404, "not_found")
    for path in ("/close", "/messages", "/stream-ticket"):
        assert refused(api.post(f"/sessions/foreign{path}", {"text": "x"}), 404, "not_found")


def test_a_session_is_closed_once_with_a_reason(api: KeyClient, session: Session) -> None:
    answer = api.post("/sessions/talk/close", {"reason": "solved"})
    assert (answer.status_code, told(answer)["status"]) == (200, "closed")
    assert refused(api.post("/sessions/talk/close"), 409, "session_closed")
    types = list(session.events.order_by("seq").values_list("type", flat=True))
    assert types == ["session_started", "status_change", "session_closed"]
    assert session.events.get(type="session_closed").data == {"reason": "solved"}
    assert AuditEntry.objects.get(action="session.closed").reason == "solved"


def test_a_transcripts_status_is_never_older_than_its_last_seq(api: KeyClient, session: Session) -> None:
    with meanwhile(lambda: request_handoff(Session.objects.get(pk=session.pk), actor=SYSTEM)):
        transcript = told(api.get("/sessions/talk/transcript"))
    session.refresh_from_db()
    assert (transcript["status"], transcript["last_seq"]) == ("waiting", session.last_seq)


def test_a_session_that_an_operator_serves_is_closed_by_them_or_a_supervisor(
    session: Session, operator_actor: Actor, colleague_actor: Actor, operator: User, supervisor: User
) -> None:
    for closer in (operator, supervisor):
        served = open_session(session.workspace, actor=SYSTEM, name=f"of-{closer}")
        accept_session(served, actor=operator_actor)
        olga = MemberClient(User.objects.get(username="olga"))
        answer = olga.post(f"/sessions/{served}/close")
        assert refused(answer, 409, "not_yours")
        assert told(answer)["detail"] == "operator serves this session."
        assert MemberClient(closer).post(f"/sessions/{served}/close").status_code == 200


def test_a_product_closes_whatever_it_opened_whoever_serves(
    session: Session, api: KeyClient, operator_actor: Actor
) -> None:
    accept_session(session, actor=operator_actor)
    assert api.post("/sessions/talk/close").status_code == 200
