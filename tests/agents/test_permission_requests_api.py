"""Reading what agents have asked, over REST."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from agents_app.models import Agent, PermissionRequest, Run, ToolCall
from sessions_app.actors import SYSTEM
from sessions_app.models import Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.sessions import open_session
from tests.agents.work import told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db
URL = "/permission-requests"


def make_request(session: Session, status: str = "pending") -> PermissionRequest:
    agent = Agent.objects.get(workspace=session.workspace)
    run = Run.objects.create(session=session, agent=agent, prompt="x", status=Run.Status.COMPLETED)
    call = ToolCall.objects.create(run=run, tool_call_id="c", tool_name="refund_order", risk_level="high")
    return PermissionRequest.objects.create(
        run=run,
        tool_call=call,
        status=status,
        arguments={"order_number": 1001},
        reasoning="Because.",
        risk_level="high",
        policy="default",
        expires_at=timezone.now() + timedelta(hours=1),
    )


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in told(answer)["items"]]


def test_a_request_is_listed_with_all_a_person_needs_to_decide(api: KeyClient, session: Session) -> None:
    request = make_request(session)
    (item,) = told(api.get(URL))["items"]
    assert item["id"] == str(request.pk) and item["run_id"] == str(request.run_id)
    assert (item["session"], item["tool_name"], item["tool_call_id"]) == ("talk", "refund_order", "c")
    assert (item["status"], item["risk_level"], item["policy"]) == ("pending", "high", "default")
    assert (item["arguments"], item["edited_arguments"]) == ({"order_number": 1001}, None)
    assert item["reasoning"] == "Because." and item["expires_at"] and item["decided_at"] is None
    assert told(api.get(f"{URL}/{request.pk}")) == item


def test_requests_are_listed_newest_first_page_by_page(api: KeyClient, session: Session) -> None:
    made = [str(make_request(session).pk) for _ in range(5)]
    seen: list[str] = []
    cursor: Any = ""
    for size in (2, 2, 1):
        answer = api.get(URL, limit=2, cursor=cursor)
        assert len(ids(answer)) == size
        seen += ids(answer)
        cursor = told(answer)["next"]
    assert cursor is None and seen == made[::-1]


def test_a_request_that_arrives_between_two_pages_moves_nothing(api: KeyClient, session: Session) -> None:
    made = [str(make_request(session).pk) for _ in range(3)]
    first = api.get(URL, limit=2)
    make_request(session)
    assert ids(api.get(URL, limit=2, cursor=told(first)["next"])) == made[:1]


def test_requests_are_filtered_by_status(api: KeyClient, session: Session) -> None:
    made = {status: str(make_request(session, status).pk) for status in PermissionRequest.Status.values}
    for status, id in made.items():
        assert ids(api.get(URL, status=status)) == [id]


def test_requests_are_filtered_by_session(api: KeyClient, session: Session, workspace: Workspace) -> None:
    other = open_session(workspace, actor=SYSTEM, name="other")
    make_request(session)
    wanted = make_request(other)
    assert ids(api.get(URL, session="other")) == [str(wanted.pk)]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"status": "perhaps"}, 422, "unprocessable"),
        ({"session": "nowhere"}, 404, "not_found"),
        ({"cursor": "nonsense"}, 400, "bad_request"),
        ({"limit": "many"}, 422, "unprocessable"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_in_the_one_error_shape(
    api: KeyClient, session: Session, query: dict[str, str], status: int, code: str
) -> None:
    answer = api.get(URL, **query)
    assert answer.status_code == status
    assert told(answer).keys() == {"code", "detail"} and told(answer)["code"] == code


def test_another_workspace_sees_none_of_them(session: Session, other_workspace: Workspace) -> None:
    request = make_request(session)
    stranger = KeyClient(create_api_key(other_workspace, ["all"], actor=SYSTEM)[1])
    assert ids(stranger.get(URL)) == []
    assert stranger.get(URL, session="talk").status_code == 404
    foreign, unknown = stranger.get(f"{URL}/{request.pk}"), stranger.get(f"{URL}/{uuid4()}")
    assert foreign.status_code == unknown.status_code == 404 and told(foreign) == told(unknown)


def test_a_key_without_the_scope_reads_none_of_them(session: Session, workspace: Workspace) -> None:
    request = make_request(session)
    key = KeyClient(create_api_key(workspace, ["runs", "sessions", "operator"], actor=SYSTEM)[1])
    assert {key.get(URL).status_code, key.get(f"{URL}/{request.pk}").status_code} == {403}
