"""What the demo agent shows of the product."""

import pytest

from agents_app.models import Order, Run
from agents_app.services.claims import claim_run
from sessions_app.events.types import EventType
from sessions_app.models import Handoff, Session
from tests.agents.work import answered, asked, carry_on, customer_says, data, ends, fresh, log, said

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_planned_shop_is_an_artifact_that_customers_see(session: Session) -> None:
    answered(session, "plan a shop")
    (event,) = log(session, EventType.ARTIFACT)
    assert event.data["kind"] == "document" and event.data["title"] == "A small web shop"
    assert event.data["content"].startswith("# A small web shop\n") and event.visibility == "customer"


def test_an_order_that_does_not_exist_is_told_to_the_model_and_the_run_goes_on(session: Session, order: Order) -> None:
    run = answered(session, "where is order 7")
    assert said(session)[-1] == "I could not look order 7 up: There is no order 7."
    assert data(session, EventType.TOOL_RESULT)[0]["success"] is False
    assert ends(run) == ["run_completed"]


def test_a_broken_tool_fails_the_run_with_tool_error(session: Session) -> None:
    run = answered(session, "fail")
    assert (run.status, run.error_code) == (Run.Status.FAILED, "tool_error")
    assert ends(run) == ["run_failed"]
    (end,) = data(session, EventType.RUN_FAILED)
    assert end == {"code": "tool_error", "detail": "The tool always_fails failed (DemoBreakdown)."}
    assert run.tool_calls.get().status == "failed"


def test_the_session_goes_on_after_a_run_that_failed(session: Session) -> None:
    answered(session, "fail")
    assert answered(session, "hello").status == Run.Status.COMPLETED


def test_a_message_of_300000_characters_is_in_the_log_whole(session: Session) -> None:
    answered(session, "big 300000")
    (text,) = said(session)
    assert len(text) == 300_000 and text.startswith("All work and no play") and text.endswith("play makes a lon")


def test_a_customer_who_wants_a_person_gets_the_session_into_the_waiting_line(session: Session) -> None:
    run = answered(session, "human please")
    session.refresh_from_db()
    assert session.status == Session.Status.WAITING
    (event,) = data(session, EventType.HANDOFF_REQUESTED)
    assert (event["requested_by"], event["reason"]) == ("agent", "The customer asked for a person.")
    assert Handoff.objects.get(session=session).requested_by == "agent:demo"
    assert said(session)[-1] == "A person will be with you soon." and ends(run) == ["run_completed"]


def test_the_agent_answers_nothing_while_a_person_is_awaited(session: Session) -> None:
    answered(session, "human please")
    assert customer_says(session, "hello?").run_id is None
    assert Run.objects.unfinished().count() == 0
    assert said(session, role="customer") == ["human please", "hello?"]


def test_what_stood_in_line_when_a_person_was_asked_for_is_cancelled_not_answered(session: Session) -> None:

    first, second = asked(session, "human please"), asked(session, "hello")
    carry_on(first)
    assert claim_run(second.pk) is None
    assert fresh(second).status == Run.Status.CANCELLED and ends(second) == ["run_cancelled"]
    assert said(session)[-1] == "A person will be with you soon."
