"""Stream tickets over REST."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from sessions_app.actors import SYSTEM
from sessions_app.models import Session
from sessions_app.services.api_keys import create_api_key
from sessions_app.tokens import read_ticket
from tests.builders import KeyClient
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db
PATH = "/sessions/talk/stream-ticket"


def test_a_ticket_is_for_one_session_a_customers_eyes_and_a_few_minutes(
    api: KeyClient, session: Session, settings: Settings
) -> None:
    settings.STREAM_TICKET_SECONDS = 120
    began = timezone.now()
    answer = api.post(PATH)
    assert answer.status_code == 200
    ticket = read_ticket(told(answer)["token"])
    assert ticket is not None
    assert (ticket.session_id, ticket.session, ticket.level) == (session.pk, "talk", "customer")
    ends = datetime.fromisoformat(told(answer)["expires_at"])
    assert began <= ends - timedelta(seconds=120) <= timezone.now()


def test_a_ticket_names_its_reader_or_else_who_asked_for_it(api: KeyClient, session: Session) -> None:
    named = read_ticket(told(api.post(PATH, {"reader": "carla"}))["token"])
    unnamed = read_ticket(told(api.post(PATH))["token"])
    assert named is not None
    assert unnamed is not None
    assert (named.reader, unnamed.reader.split(":")[0]) == ("carla", "api_key")


def test_nobody_hands_out_more_than_they_may_see(session: Session) -> None:
    def status(level: str, *scopes: str) -> int:
        _, text = create_api_key(session.workspace, ["tickets", *scopes], actor=SYSTEM)
        return KeyClient(text).post(PATH, {"level": level}).status_code

    assert [status(level) for level in ("customer", "operator", "supervisor")] == [200, 403, 403]
    assert [status(level, "operator") for level in ("customer", "operator", "supervisor")] == [200, 200, 403]


def test_an_operator_hands_out_what_operators_see_with_the_csrf_token(
    session: Session, operator_client: Client
) -> None:
    operator_client.get("/admin/login/")
    token = operator_client.cookies["csrftoken"].value
    path = f"/api/v1{PATH}"

    def post(level: str) -> int:
        answer = operator_client.post(
            path, {"level": level}, content_type="application/json", headers={"X-CSRFToken": token}
        )
        return answer.status_code

    assert [post(level) for level in ("customer", "operator", "supervisor")] == [200, 200, 403]


@pytest.mark.parametrize("body", [{"level": "god"}, {"level": None}, {"reader": "x" * 101}, {"reader": "\ud800"}])
def test_a_ticket_that_cannot_be_is_422(api: KeyClient, session: Session, body: dict[str, object]) -> None:
    assert refused(api.post(PATH, body), 422, "unprocessable")
