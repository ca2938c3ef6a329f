"""The queue as the server renders it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from agents_app.models import Agent
from sessions_app.actors import SYSTEM, Actor
from sessions_app.models import Membership, Session, Workspace
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.sessions import close_session, open_session
from tests.workbench.conftest import page_data

QUEUE = "/workbench/"


def rows_of(body: str) -> list[str]:
    return [row["name"] for row in page_data(body)["rows"]]


def test_sends_a_stranger_to_the_login_and_back(client: Client) -> None:
    answer = client.get(QUEUE)
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/workbench/")


def test_tells_a_user_without_membership_what_is_missing(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("nobody"))
    answer = client.get(QUEUE)
    assert answer.status_code == 403
    assert "not a member of any workspace" in answer.content.decode()


def test_lets_a_member_of_several_workspaces_choose(
    desk: Client, operator: User, session: Session, other_workspace: Workspace
) -> None:
    Membership.objects.create(user=operator, workspace=other_workspace, role="operator")
    assert "/workbench/?workspace=elsewhere" in desk.get(QUEUE).content.decode()
    chosen = desk.get(QUEUE, {"workspace": "shop"}).content.decode()
    assert rows_of(chosen) == ["talk"]
    assert page_data(chosen)["workspace"] == "shop"
    assert "/workbench/sessions/talk/?workspace=shop" in chosen


def test_shows_nothing_of_another_workspace(desk: Client, session: Session, other_workspace: Workspace) -> None:
    Agent.objects.create(workspace=other_workspace, name="other", is_default=True)
    open_session(other_workspace, actor=SYSTEM, name="foreign")
    assert rows_of(desk.get(QUEUE).content.decode()) == ["talk"]
    assert 'id="page"' not in desk.get(QUEUE, {"workspace": "elsewhere"}).content.decode()


def test_puts_those_who_wait_first_the_most_urgent_before_the_longest(
    desk: Client, workspace: Workspace, agent: Agent, customer_actor: Actor
) -> None:
    for name in ("open", "first", "second", "urgent"):
        open_session(workspace, actor=SYSTEM, name=name)
    for name, priority in (("first", "normal"), ("second", "normal"), ("urgent", "urgent")):
        request_handoff(Session.objects.get(name=name), actor=customer_actor, priority=priority)
    assert rows_of(desk.get(QUEUE).content.decode()) == ["urgent", "first", "second", "open"]


def test_shows_closed_sessions_in_their_own_view_alone(desk: Client, session: Session) -> None:
    close_session(session, actor=SYSTEM)
    assert rows_of(desk.get(QUEUE).content.decode()) == []
    assert rows_of(desk.get(QUEUE, {"view": "closed"}).content.decode()) == ["talk"]


def test_takes_an_unknown_view_for_the_first(desk: Client, session: Session) -> None:
    assert page_data(desk.get(QUEUE, {"view": "'\"<>"}).content.decode())["view"] == "open"


def test_writes_what_customers_say_as_text(desk: Client, workspace: Workspace, agent: Agent) -> None:
    open_session(workspace, actor=SYSTEM, name="hostile", customer="<img src=x onerror=alert(1)></script>")
    body = desk.get(QUEUE).content.decode()
    assert "<img src=x" not in body
    assert "&lt;img src=x onerror=alert(1)&gt;" in body


def test_tells_its_modules_when_a_wait_is_too_long(desk: Client, session: Session) -> None:
    workspace = session.workspace
    workspace.sla_warning_seconds, workspace.sla_breach_seconds = 30, 90
    workspace.save()
    assert page_data(desk.get(QUEUE).content.decode())["sla"] == {"warning": 30, "breach": 90}


def test_costs_the_same_number_of_queries_for_one_session_as_for_many(
    desk: Client, workspace: Workspace, agent: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        open_session(workspace, actor=SYSTEM, name=f"s-{number}")
    # The login and its user, the membership, who waits, what else is open, and the counts.
    with django_assert_num_queries(6):
        desk.get(QUEUE)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_is_only_read(desk: Client, method: str) -> None:
    assert getattr(desk, method)(QUEUE).status_code == 405


def test_tells_a_page_that_was_cut_off_how_the_queue_stands(desk: Client, session: Session) -> None:
    answer = desk.get("/workbench/rows/").json()
    assert [row["name"] for row in answer["rows"]] == ["talk"]
    assert answer["counts"] == {"open": 1, "waiting": 0, "mine": 0, "closed": 0}
    close_session(session, actor=SYSTEM)
    assert desk.get("/workbench/rows/").json()["rows"] == []
    assert [row["status"] for row in desk.get("/workbench/rows/", {"view": "closed"}).json()["rows"]] == ["closed"]


def test_gives_its_rows_to_members_alone(client: Client, session: Session) -> None:
    assert client.get("/workbench/rows/").status_code == 302
    client.force_login(User.objects.create_user("nobody"))
    assert client.get("/workbench/rows/").status_code == 404
