"""After a worker died the next one goes on: nothing said twice, no tool run twice."""

from typing import Any

import pytest

from agents_app.backends.base import Checkpoint, Delta, Finished, Paused, Step
from agents_app.models import Order, Run, ToolCall
from agents_app.services.permissions import decide
from agents_app.tools.lookup_order import LOOKUP_ORDER
from sessions_app.actors import SYSTEM
from sessions_app.events.types import EventType
from sessions_app.models import Draft, Session
from tests.agents.dying import die, killed_in
from tests.agents.scripted import DiesAt, Killed, delta, steps
from tests.agents.work import asked, carry_on, data, ends, fresh, request_of, said, statuses, types

pytestmark = pytest.mark.django_db(transaction=True)


def nth(number: int, kind: type[Any]) -> DiesAt:
    """The real engine, killed when the n-th step of a kind would be kept."""
    left = [number]

    def dies(step: Step) -> bool:
        left[0] -= isinstance(step, kind)
        return left[0] == 0

    return DiesAt(dies)


def test_a_half_said_message_is_taken_back_and_said_anew(session: Session) -> None:
    run = asked(session, "hello")
    die(run, steps(delta("I am thi"), Killed()))
    assert types(session)[-3:] == ["message_started", "message_discarded", "run_stalled"]
    assert not Draft.objects.exists()
    carry_on(run)
    assert types(session)[types(session).index("run_stalled") + 1] == "run_resumed"
    assert len(said(session)) == 1 and said(session)[0].startswith("Hello!") and ends(run) == ["run_completed"]


def test_a_run_that_died_before_its_first_checkpoint_hears_the_prompt_again(session: Session) -> None:
    run = asked(session, "hello")
    die(run, nth(1, Delta))
    assert not fresh(run).prompted
    done = carry_on(run)
    assert done.usage["requests"] == 1 and len(said(session)) == 1


def test_a_run_that_died_after_its_answer_was_kept_does_not_answer_twice(session: Session) -> None:
    run = asked(session, "hello")
    die(run, nth(1, Finished))
    assert fresh(run).prompted
    done = carry_on(run)
    assert done.status == Run.Status.COMPLETED and len(said(session)) == 1


def test_a_tool_that_had_finished_gives_its_stored_result(session: Session, order: Order) -> None:
    run = asked(session, "where is order 1001")
    die(run, nth(2, Checkpoint))
    Order.objects.update(item="Another lamp")
    carry_on(run)
    assert statuses(session, "lookup_order") == ["proposed", "executing", "completed"]
    assert said(session)[-1] == "Order 1001 is Desk lamp. Its status is: paid."


def test_a_refund_that_had_been_paid_is_not_paid_again(session: Session, parked: Run, order: Order) -> None:
    decide(request_of(parked), approve=True, actor=SYSTEM, arguments={"order_number": 1001, "amount": "5.00"})
    die(parked, nth(1, Checkpoint))
    order.refresh_from_db()
    assert order.refunded_cents == 500
    done = carry_on(parked)
    order.refresh_from_db()
    assert order.refunded_cents == 500 and ends(done) == ["run_completed"]
    assert statuses(session, "refund_order").count("executing") == 1
    assert said(session)[-1].startswith("Done: 5.00 EUR")


def test_a_refusal_that_had_been_given_is_given_again(session: Session, order: Order) -> None:
    run = asked(session, "where is order 7")
    die(run, nth(2, Checkpoint))
    Order.objects.update(number=7)
    carry_on(run)
    assert said(session)[-1] == "I could not look order 7 up: There is no order 7."


def test_a_tool_that_may_run_again_does(session: Session) -> None:
    run = asked(session, "where is it")
    backend, tried = killed_in(LOOKUP_ORDER, run)
    carry_on(run, backend)
    assert tried.times == 2 and said(session) == ["It worked."]
    assert statuses(session, "lookup_order") == ["proposed", "executing", "executing", "completed"]
    assert ToolCall.objects.get(run=run).attempt == 2


def test_a_run_that_parks_again_after_a_crash_asks_no_second_question(session: Session, order: Order) -> None:
    run = asked(session, "refund order 1001")
    die(run, nth(1, Paused))
    assert data(session, EventType.PERMISSION_REQUEST) == []
    assert carry_on(run).status == Run.Status.WAITING
    assert len(data(session, EventType.PERMISSION_REQUEST)) == 1
    assert statuses(session, "refund_order") == ["proposed", "waiting_permission"]
