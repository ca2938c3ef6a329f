"""An agent that asks the customer something parks, and the next message is the answer."""

from uuid import UUID

import pytest

from agents_app.models import Run
from agents_app.services.claims import claim_run
from sessions_app.events.types import EventType
from sessions_app.models import Session
from tests.agents.line import enqueued
from tests.agents.work import answered, asked, carry_on, customer_says, data, ends, fresh, said, types
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asking(session: Session) -> Run:
    """The agent has asked for the customer's favourite colour."""
    return answered(session, "ask me")


def test_a_question_parks_the_run_under_no_lease(session: Session, asking: Run) -> None:
    assert (asking.status, asking.lease_until) == (Run.Status.WAITING, None)
    assert types(session)[-2:] == ["input_required", "run_waiting"]
    assert data(session, EventType.INPUT_REQUIRED)[0]["question"] == "What is your favourite colour?"
    assert data(session, EventType.RUN_WAITING) == [{"waiting_for": ["input"]}]
    assert ends(asking) == []


def test_a_parked_run_cannot_be_claimed(asking: Run) -> None:
    assert claim_run(asking.pk) is None


def test_the_next_message_answers_the_question_and_the_same_run_goes_on(session: Session, asking: Run) -> None:
    assert customer_says(session, "red").run_id == str(asking.pk)
    done = carry_on(asking)
    assert (done.status, done.attempt) == (Run.Status.COMPLETED, 2)
    assert said(session)[-1] == "You answered: red"
    assert Run.objects.count() == 1 and ends(asking) == ["run_completed"]


def test_an_answered_run_is_enqueued_once_and_told_as_resumed(
    valkey: TestValkey, session: Session, asking: Run
) -> None:
    assert enqueued() == [asking.pk]
    customer_says(session, "red")
    assert enqueued() == [asking.pk]
    carry_on(fresh(asking))
    assert data(session, EventType.RUN_RESUMED) == [{"agent": "demo", "attempt": 2}]


def test_the_message_after_the_answer_begins_a_run_of_its_own(session: Session, asking: Run) -> None:
    customer_says(session, "red")
    other = asked(session, "hello")
    assert other.pk != asking.pk and other.status == Run.Status.QUEUED


def test_an_answer_keeps_every_character_the_customer_wrote(session: Session, asking: Run) -> None:
    customer_says(session, "  赤 🟥\n")
    carry_on(asking)
    assert said(session)[-1] == "You answered:   赤 🟥\n"
    assert asking.tool_calls.get().answer == "  赤 🟥\n"


def test_a_message_that_answers_is_in_the_log_before_the_run_goes_on(session: Session, asking: Run) -> None:
    before = len(types(session))
    said_now = customer_says(session, "red")
    carry_on(asking)
    assert UUID(said_now.run_id) == asking.pk
    assert types(session)[before : before + 3] == ["message_completed", "tool_status", "run_resumed"]
