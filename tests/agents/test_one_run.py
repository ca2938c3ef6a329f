"""A run, from what the customer says to the agent's last word."""

import pytest

from agents_app.models import Conversation, Order, Run
from sessions_app.events.types import EventType
from sessions_app.models import Draft, Session
from tests.agents.work import answered, asked, carry_on, data, ends, fresh, log, said, types

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_is_told_from_the_customers_words_to_its_end_in_this_order(session: Session) -> None:
    answered(session, "hello")
    assert types(session) == [
        "session_started",
        "message_completed",
        "run_queued",
        "run_started",
        "reasoning_started",
        "reasoning_completed",
        "message_started",
        "message_completed",
        "run_completed",
    ]


def test_a_run_with_a_tool_is_told_in_this_order(session: Session, order: Order) -> None:
    answered(session, "where is order 1001")
    begun = ["session_started", "message_completed", "run_queued", "run_started"]
    thought = ["reasoning_started", "reasoning_completed"]
    spoken = ["message_started", "message_completed"]
    called = ["tool_status", "tool_status", "tool_status", "tool_result"]
    assert types(session) == [*begun, *thought, *spoken, *called, *spoken, "run_completed"]


def test_a_tool_call_is_proposed_executed_and_completed(session: Session, order: Order) -> None:
    answered(session, "where is order 1001")
    statuses = data(session, EventType.TOOL_STATUS)
    assert [entry["status"] for entry in statuses] == ["proposed", "executing", "completed"]
    (result,) = data(session, EventType.TOOL_RESULT)
    assert result["success"] and result["result"]["item"] == "Desk lamp"
    assert len({entry["tool_call_id"] for entry in [*statuses, result]}) == 1


def test_the_agents_message_is_whole_and_names_its_author(session: Session, order: Order) -> None:
    answered(session, "where is order 1001")
    assert said(session) == ["Let me look at order 1001.", "Order 1001 is Desk lamp. Its status is: paid."]
    spoken = [entry for entry in data(session, EventType.MESSAGE_COMPLETED) if entry["role"] == "agent"]
    assert {entry["author"] for entry in spoken} == {"demo"}
    started = {entry["message_id"] for entry in data(session, EventType.MESSAGE_STARTED)}
    assert {entry["message_id"] for entry in spoken} == started


def test_a_run_ends_with_its_usage_in_the_log_and_on_the_run(session: Session) -> None:
    run = answered(session, "hello")
    (end,) = data(session, EventType.RUN_COMPLETED)
    assert end["usage"]["requests"] == 1 and end["usage"]["output_tokens"] > 0
    assert run.usage == end["usage"]


def test_a_run_ends_once_and_leaves_no_draft(session: Session) -> None:
    run = answered(session, "hello")
    assert run.status == Run.Status.COMPLETED and run.lease_until is None
    assert run.started_at is not None and run.ended_at is not None and run.started_at <= run.ended_at
    assert ends(run) == ["run_completed"]
    assert not Draft.objects.exists()


def test_every_event_of_a_run_names_it(session: Session) -> None:
    run = answered(session, "hello")
    assert {event.run for event in log(session)[2:]} == {run.pk}


def test_the_log_has_no_gap(session: Session, order: Order) -> None:
    answered(session, "where is order 1001")
    assert [event.seq for event in log(session)] == list(range(1, len(log(session)) + 1))


def test_a_later_run_goes_on_from_the_same_conversation(session: Session) -> None:
    answered(session, "hello")
    answered(session, "good day")
    remembered = Conversation.objects.get(session=session).text
    assert "hello" in remembered and "good day" in remembered


def test_a_run_carried_on_in_another_process_needs_nothing_but_its_row(session: Session) -> None:
    run = asked(session, "hello")
    assert carry_on(fresh(run)).status == Run.Status.COMPLETED
