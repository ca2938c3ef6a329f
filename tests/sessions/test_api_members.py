"""People of a workspace, with their session cookie."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_app.actors import Actor
from sessions_app.models import Membership, Session, Workspace
from sessions_app.services.accepting import accept_session
from tests.sessions.refusals import refused

pytestmark = pytest.mark.django_db
MESSAGES = "/api/v1/sessions/talk/messages"


def post(client: Client, path: str, body: dict[str, object], token: str = "") -> object:
    headers = {"X-CSRFToken": token} if token else {}
    return client.post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def csrf(operator_client: Client) -> str:
    operator_client.get("/admin/login/")
    return operator_client.cookies["csrftoken"].value


def test_a_member_reads_without_ceremony(session: Session, operator_client: Client) -> None:
    assert operator_client.get("/api/v1/sessions/talk").status_code == 200


def test_a_members_write_needs_the_csrf_token(
    session: Session, operator_client: Client, csrf: str, operator_actor: Actor
) -> None:
    without = operator_client.post(MESSAGES, {"text": "x"}, content_type="application/json")
    assert refused(without, 403, "forbidden")  # type: ignore[arg-type]
    assert session.events.count() == 1
    accept_session(session, actor=operator_actor)
    answer = operator_client.post(
        MESSAGES, {"text": "x"}, content_type="application/json", headers={"X-CSRFToken": csrf}
    )
    assert answer.status_code == 202


def test_a_member_speaks_as_an_operator_and_the_agent_does_not_answer(
    session: Session, operator_client: Client, csrf: str, operator_actor: Actor
) -> None:
    accept_session(session, actor=operator_actor)
    answer = operator_client.post(
        MESSAGES, {"text": "Hi"}, content_type="application/json", headers={"X-CSRFToken": csrf}
    )
    assert answer.json()["run_id"] is None
    data = session.events.get(type="message_completed").data
    assert (data["role"], data["author"]) == ("operator", "operator")


def test_a_member_of_two_workspaces_must_name_one(
    session: Session, operator: User, operator_client: Client, other_workspace: Workspace
) -> None:
    Membership.objects.create(user=operator, workspace=other_workspace)
    assert refused(operator_client.get("/api/v1/sessions"), 400, "workspace_required")  # type: ignore[arg-type]
    assert operator_client.get("/api/v1/sessions/talk?workspace=shop").status_code == 200
    foreign = operator_client.get("/api/v1/sessions/talk?workspace=elsewhere")
    assert refused(foreign, 404, "not_found")  # type: ignore[arg-type]


@pytest.mark.parametrize("named", ["elsewhere", "nowhere", "a%00b"])
def test_a_workspace_one_is_not_in_is_403_whether_it_exists_or_not(
    session: Session, operator_client: Client, other_workspace: Workspace, named: str
) -> None:
    answer = operator_client.get(f"/api/v1/sessions?workspace={named}")
    assert refused(answer, 403, "forbidden")  # type: ignore[arg-type]


def test_a_user_without_any_workspace_is_403_and_an_inactive_one_is_401(
    session: Session, operator: User, operator_client: Client
) -> None:
    Membership.objects.all().delete()
    assert refused(operator_client.get("/api/v1/sessions"), 403, "forbidden")  # type: ignore[arg-type]
    User.objects.update(is_active=False)
    assert refused(operator_client.get("/api/v1/sessions"), 401, "unauthenticated")  # type: ignore[arg-type]


def test_a_bad_key_beside_no_cookie_is_401_for_writes_too(session: Session) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Authorization": "Bearer hr1.wrong"})
    answer = client.post(MESSAGES, {"text": "x"}, content_type="application/json")
    assert refused(answer, 401, "unauthenticated")  # type: ignore[arg-type]
