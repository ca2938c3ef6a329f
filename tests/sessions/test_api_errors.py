"""One shape for everything that goes wrong, and one document that says what can."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.api import api as ninja_api
from sessions_app.models import Session
from tests.builders import KeyClient
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("body", ["{", "nonsense", "{'text': 'x'}", "\x00", '{"text": "x"} more'])
def test_broken_json_is_400(api: KeyClient, session: Session, body: str) -> None:
    assert refused(api.post("/sessions/talk/messages", body), 400, "bad_request")


@pytest.mark.parametrize("body", ["[]", "[1]", '"text"', "5", "null", "true"])
def test_a_body_that_is_no_object_is_400_even_where_every_field_is_optional(api: KeyClient, body: str) -> None:
    assert refused(api.post("/sessions", body), 400, "bad_request")


def test_bytes_that_are_no_utf8_are_400(key: str, session: Session) -> None:
    answer = Client(raise_request_exception=False).post(
        "/api/v1/sessions/talk/messages",
        b'{"text": "\xff"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert refused(answer, 400, "bad_request")  # type: ignore[arg-type]


def test_a_body_that_is_too_large_is_413(api: KeyClient, session: Session, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert refused(api.post("/sessions/talk/messages", {"text": "x" * 2000}), 413, "too_large")
    assert refused(api.post("/sessions", {"name": "x" * 2000}), 413, "too_large")
    assert session.events.count() == 1


def test_what_is_wrong_with_a_field_names_it_and_does_not_repeat_it(api: KeyClient, session: Session) -> None:
    answer = api.post("/sessions", {"language": "secret" * 10})
    assert refused(answer, 422, "unprocessable")
    assert "language" in told(answer)["detail"]
    assert b"secret" not in answer.content


def test_an_address_that_does_not_exist_is_404_in_the_same_shape(api: KeyClient) -> None:
    assert refused(api.get("/nothing/here"), 404, "not_found")


def test_a_method_that_an_address_does_not_know_is_405_and_names_those_it_knows(api: KeyClient) -> None:
    answer = api.post("/sessions/talk/log")
    assert refused(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET"


def test_what_nobody_expected_is_500_in_the_same_shape_and_tells_nothing_of_itself(
    api: KeyClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("a secret of the inner workings")

    monkeypatch.setattr("sessions_app.api.messages.say", broken)
    answer = api.post("/sessions/talk/messages", {"text": "x"})
    assert refused(answer, 500, "internal_error")
    assert b"secret" not in answer.content


OPERATIONS = [
    (f"{method} {path}", operation)
    for path, methods in ninja_api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
]
OPEN = {"get /api/v1/health", "get /api/v1/ready"}


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_each_operation_says_how_it_can_refuse(name: str, operation: dict[str, object]) -> None:
    responses = operation["responses"]
    assert isinstance(responses, dict)
    if name not in OPEN:
        assert {400, 401, 403, 422} <= {int(status) for status in responses}
    if "{session}" in name:
        assert 404 in {int(status) for status in responses}
    for status, response in responses.items():
        if int(status) >= 400 and name not in OPEN:
            assert response["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorOut")
    assert operation["summary"]
    assert operation["description"]


def test_streams_are_documented_as_such() -> None:
    for name, operation in OPERATIONS:
        if name in ("get /api/v1/sessions/{session}/events", "get /api/v1/events", "get /api/v1/feed"):
            assert "text/event-stream" in operation["responses"][200]["content"]
            assert 429 in operation["responses"]


def test_the_document_is_served(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Handrail"
