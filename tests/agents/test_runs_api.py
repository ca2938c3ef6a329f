"""Runs over REST."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.models import Agent, Run
from sessions_app.actors import SYSTEM
from sessions_app.models import AuditEntry, Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.sessions import open_session
from tests.agents.work import answered, asked, ends, fresh, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in told(answer)["items"]]


def test_a_run_is_read_with_its_state(api: KeyClient, session: Session) -> None:
    run = answered(session, "hello")
    item = told(api.get(f"/runs/{run.pk}"))
    assert (item["id"], item["session"], item["agent"]) == (str(run.pk), "talk", "demo")
    assert (item["status"], item["attempt"], item["usage"]) == ("completed", 1, run.usage)
    assert item["started_at"] and item["ended_at"] and item["cancel_requested_at"] is None
    assert told(api.get("/runs")) == {"items": [item], "next": None}


def test_a_failed_run_says_why(api: KeyClient, session: Session) -> None:
    item = told(api.get(f"/runs/{answered(session, 'fail').pk}"))
    assert (item["status"], item["error_code"]) == ("failed", "tool_error") and item["error_detail"]


def test_runs_are_listed_newest_first_page_by_page(api: KeyClient, session: Session) -> None:
    made = [str(asked(session, "hello").pk) for _ in range(3)]
    first = api.get("/runs", limit=2)
    second = api.get("/runs", limit=2, cursor=told(first)["next"])
    assert ids(first) + ids(second) == made[::-1] and told(second)["next"] is None


def test_runs_are_filtered_by_session(api: KeyClient, session: Session, workspace: Workspace) -> None:
    asked(session, "hello")
    wanted = asked(open_session(workspace, actor=SYSTEM, name="other"), "hello")
    assert ids(api.get("/runs", session="other")) == [str(wanted.pk)]
    assert told(api.get("/runs", session="nowhere"))["code"] == "not_found"


def test_a_queued_run_is_cancelled_and_the_key_is_named(api: KeyClient, session: Session, key: str) -> None:
    run = asked(session, "hello")
    answer = api.post(f"/runs/{run.pk}/cancel")
    assert (answer.status_code, told(answer)["status"]) == (202, "cancelled")
    entry = AuditEntry.objects.get(action="run.cancelled")
    assert (entry.actor_kind, entry.actor) == ("api_key", key.split(".")[0])


def test_cancelling_what_has_ended_answers_409(api: KeyClient, session: Session) -> None:
    run = asked(session, "hello")
    api.post(f"/runs/{run.pk}/cancel")
    again = api.post(f"/runs/{run.pk}/cancel")
    assert (again.status_code, told(again)["code"]) == (409, "run_ended")
    done = api.post(f"/runs/{answered(session, 'hello').pk}/cancel")
    assert (done.status_code, told(done)["code"]) == (409, "run_ended")
    assert ends(run) == ["run_cancelled"]


def test_an_operator_cancels_under_their_own_name(session: Session, operator: User) -> None:
    run = asked(session, "hello")
    browser = Client()
    browser.force_login(operator)
    assert browser.post(f"/api/v1/runs/{run.pk}/cancel").status_code == 202
    assert AuditEntry.objects.get(action="run.cancelled").actor == "operator"


def test_another_workspace_neither_sees_nor_cancels_them(session: Session, other_workspace: Workspace) -> None:
    run = asked(session, "hello")
    stranger = KeyClient(create_api_key(other_workspace, ["all"], actor=SYSTEM)[1])
    assert ids(stranger.get("/runs")) == []
    foreign, unknown = stranger.get(f"/runs/{run.pk}"), stranger.get(f"/runs/{uuid4()}")
    assert foreign.status_code == unknown.status_code == 404 and told(foreign) == told(unknown)
    assert stranger.post(f"/runs/{run.pk}/cancel").status_code == 404
    assert fresh(run).status == Run.Status.QUEUED


def test_a_key_without_the_scope_neither_reads_nor_cancels(session: Session, workspace: Workspace) -> None:
    run = asked(session, "hello")
    key = KeyClient(create_api_key(workspace, ["permissions", "sessions", "messages"], actor=SYSTEM)[1])
    answers = [key.get("/runs"), key.get(f"/runs/{run.pk}"), key.post(f"/runs/{run.pk}/cancel")]
    assert [answer.status_code for answer in answers] == [403] * 3 and fresh(run).status == Run.Status.QUEUED


def test_a_message_to_an_agent_that_is_gone_answers_422(api: KeyClient, session: Session, agent: Agent) -> None:
    agent.delete()
    answer = api.post("/sessions/talk/messages", {"text": "hello"})
    assert (answer.status_code, told(answer)["code"]) == (422, "unknown_agent")


@pytest.mark.parametrize("body", [{"agent": "nobody"}, {}])
def test_a_session_with_an_agent_nobody_knows_is_not_opened(
    api: KeyClient, other_workspace: Workspace, workspace: Workspace, body: dict[str, str]
) -> None:
    Agent.objects.create(workspace=other_workspace, name="nobody", is_default=True)  # somebody else's
    answer = api.post("/sessions", body)
    assert (answer.status_code, told(answer)["code"]) == (422, "unknown_agent")
    assert not Session.objects.exists()
