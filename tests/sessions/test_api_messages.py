"""Messages over REST: said once, kept exactly."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents_app.models import Run
from sessions_app.models import IdempotentRequest, Session
from sessions_app.services.retention import forget_answers
from tests.builders import KeyClient
from tests.patience import PATIENCE_SECONDS
from tests.sessions.refusals import refused, told

PATH = "/sessions/talk/messages"
pytestmark = pytest.mark.django_db


def said(session: Session) -> list[dict[str, Any]]:
    rows = session.events.filter(type="message_completed").order_by("seq")
    return [row.data for row in rows]


def test_a_customers_message_is_accepted_kept_and_answered_by_the_agent(api: KeyClient, session: Session) -> None:
    answer = api.post(PATH, {"text": "Hello"})
    assert answer.status_code == 202
    (message,) = said(session)
    assert message == {
        "message_id": told(answer)["message_id"],
        "role": "customer",
        "author": "carla",
        "text": "Hello",
    }
    assert told(answer)["seq"] == 2
    assert str(Run.objects.get(session=session).pk) == told(answer)["run_id"]


@pytest.mark.parametrize("text", ["one\ntwo", "one\r\ntwo\r", "\n\tindented\n\n", "  spaces  ", "🦊 狐 \u2028 \x07"])
def test_text_is_kept_exactly_as_it_was_sent(api: KeyClient, session: Session, text: str) -> None:
    assert api.post(PATH, {"text": text}).status_code == 202
    assert said(session)[0]["text"] == text


def test_a_message_of_a_megabyte_is_kept_whole(api: KeyClient, session: Session) -> None:
    text = "狐" * 333_000 + "x" * 1000
    assert api.post(PATH, {"text": text}).status_code == 202
    assert said(session)[0]["text"] == text


@pytest.mark.parametrize("text", ["", " \n\t ", "a\x00b", "\ud800", "a\udfffb"])
def test_text_that_cannot_be_kept_as_it_is_is_422(api: KeyClient, session: Session, text: str) -> None:
    assert refused(api.post(PATH, {"text": text}), 422, "unprocessable")
    assert said(session) == []


def test_text_that_is_too_long_is_422(api: KeyClient, session: Session, settings: Settings) -> None:
    settings.MESSAGE_MAX_CHARACTERS = 5
    assert refused(api.post(PATH, {"text": "123456"}), 422, "unprocessable")
    assert api.post(PATH, {"text": "12345"}).status_code == 202


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": 5}, {"text": ["a"]}])
def test_a_body_of_the_wrong_kind_is_422(api: KeyClient, session: Session, body: object) -> None:
    assert refused(api.post(PATH, body), 422, "unprocessable")


def test_nothing_is_said_in_a_closed_session(api: KeyClient, session: Session) -> None:
    api.post("/sessions/talk/close")
    assert refused(api.post(PATH, {"text": "too late"}), 409, "session_closed")
    assert said(session) == []


def test_the_same_idempotency_key_gives_the_same_answer_and_says_it_once(api: KeyClient, session: Session) -> None:
    first = api.post(PATH, {"text": "Hello"}, idempotency_key="k1")
    second = api.post(PATH, {"text": "Hello"}, idempotency_key="k1")
    assert (first.status_code, second.status_code) == (202, 202)
    assert told(first) == told(second)
    assert len(said(session)) == 1
    assert Run.objects.count() == 1


def test_the_same_key_with_another_text_is_422(api: KeyClient, session: Session) -> None:
    api.post(PATH, {"text": "Hello"}, idempotency_key="k1")
    assert refused(api.post(PATH, {"text": "Bye"}, idempotency_key="k1"), 422, "idempotency_key_reused")
    assert len(said(session)) == 1


def test_a_repetition_is_answered_even_after_the_session_was_closed(api: KeyClient, session: Session) -> None:
    first = api.post(PATH, {"text": "Hello"}, idempotency_key="k1")
    api.post("/sessions/talk/close")
    assert told(api.post(PATH, {"text": "Hello"}, idempotency_key="k1")) == told(first)


def test_a_key_belongs_to_its_session_and_has_a_length(api: KeyClient, session: Session) -> None:
    api.post("/sessions", {"name": "other"})
    api.post(PATH, {"text": "Hello"}, idempotency_key="k1")
    assert api.post("/sessions/other/messages", {"text": "Bye"}, idempotency_key="k1").status_code == 202
    assert refused(api.post(PATH, {"text": "Hello"}, idempotency_key="k" * 201), 422, "unprocessable")


def test_kept_answers_are_forgotten_after_a_day(api: KeyClient, session: Session) -> None:
    api.post(PATH, {"text": "Hello"}, idempotency_key="k1")
    assert forget_answers(now=timezone.now()) == 0
    assert forget_answers(now=timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert not IdempotentRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_many_threads_at_once_says_it_once(key: str, session: Session) -> None:
    ready = threading.Barrier(6)

    def post(_: int) -> tuple[int, str]:
        try:
            ready.wait(PATIENCE_SECONDS)
            answer = KeyClient(key).post(PATH, {"text": "Hello"}, idempotency_key="k1")
            return answer.status_code, answer.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = set(threads.map(post, range(6)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 202
    assert len(said(session)) == 1
    assert Run.objects.count() == 1
