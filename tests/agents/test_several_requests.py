"""Several questions of one step: each is answered by itself, and the run goes on after the last answer."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from agents_app.backends.base import Answered, Approved, Assignment, Denied, Step, ToolDesk
from agents_app.models import Order, PermissionRequest, Run
from agents_app.services.permissions import decide
from agents_app.tools.ask_customer import ASK_CUSTOMER
from agents_app.tools.refund_order import REFUND_ORDER, refund_order
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.models import Session
from tests.agents.line import enqueued
from tests.agents.races import race
from tests.agents.scripted import DONE, Scripted, delta, park, settled
from tests.agents.work import answered, carry_on, customer_says, data, ends, fresh
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)
FIVE = {"order_number": 1001, "amount": "5.00"}
THREE = {"order_number": 1001, "amount": "3.00"}


async def _two_refunds(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
    if assignment.prompt is not None:
        yield await park(desk, (REFUND_ORDER, "five", FIVE), (REFUND_ORDER, "three", THREE))
        return
    for call_id, arguments in (("five", FIVE), ("three", THREE)):
        if isinstance(assignment.answers[call_id], Approved):
            await _refund(desk, call_id, arguments)
    yield delta("Done.")
    yield settled("Done.")
    yield DONE


async def _refund(desk: ToolDesk, call_id: str, arguments: dict[str, Any]) -> Any:
    context = desk.context(REFUND_ORDER, call_id)
    return await desk.run(REFUND_ORDER, call_id, arguments, lambda: refund_order(context, **arguments))


async def _refund_and_question(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
    if assignment.prompt is not None:
        question = {"question": "Which lamp?"}
        yield await park(desk, (REFUND_ORDER, "five", FIVE), (ASK_CUSTOMER, "which", question))
        return
    yield DONE


@pytest.fixture
def backend() -> Scripted:
    return Scripted(_two_refunds)


@pytest.fixture
def waiting(session: Session, order: Order, backend: Scripted) -> Run:
    return answered(session, "refund five and three", backend)


def question(run: Run, call_id: str) -> PermissionRequest:
    rows = PermissionRequest.objects.select_related("run__session__workspace", "run__agent", "tool_call")
    return rows.get(run=run, tool_call__tool_call_id=call_id)


def test_each_question_is_asked_and_the_run_waits_once(session: Session, waiting: Run) -> None:
    asked = data(session, EventType.PERMISSION_REQUEST)
    assert [event["arguments"] for event in asked] == [FIVE, THREE]
    assert len(data(session, EventType.RUN_WAITING)) == 1


def test_the_run_goes_on_after_the_last_answer_and_not_before(
    valkey: TestValkey, session: Session, waiting: Run, backend: Scripted, order: Order, operator_actor: Actor
) -> None:
    enqueued()
    decide(question(waiting, "three"), approve=True, actor=operator_actor)
    assert fresh(waiting).status == Run.Status.WAITING and enqueued() == []
    decide(question(waiting, "five"), approve=False, actor=operator_actor, reason="Too much.")
    assert enqueued() == [waiting.pk]
    done = carry_on(waiting, backend)
    assert backend.assignments[-1].answers == {"three": Approved(None), "five": Denied("Too much.")}
    order.refresh_from_db()
    assert order.refunded_cents == 300 and ends(done) == ["run_completed"]


def test_two_people_who_answer_one_question_each_at_once_resume_the_run_once(
    valkey: TestValkey, session: Session, waiting: Run, backend: Scripted, order: Order, operator_actor: Actor
) -> None:
    enqueued()
    questions = [question(waiting, "five"), question(waiting, "three")]
    results = race(*(lambda q=q: decide(q, approve=True, actor=operator_actor) for q in questions))
    assert all(isinstance(result, PermissionRequest) for result in results)
    assert enqueued() == [waiting.pk]
    carry_on(waiting, backend)
    order.refresh_from_db()
    assert order.refunded_cents == 800 and len(data(session, EventType.RUN_RESUMED)) == 1


def test_a_question_to_the_customer_and_one_to_a_person_need_both_answers(
    session: Session, order: Order, operator_actor: Actor
) -> None:
    backend = Scripted(_refund_and_question)
    run = answered(session, "refund", backend)
    assert data(session, EventType.RUN_WAITING) == [{"waiting_for": ["input", "permission"]}]
    assert customer_says(session, "The red one.").run_id == str(run.pk)
    assert fresh(run).status == Run.Status.WAITING
    decide(question(run, "five"), approve=True, actor=operator_actor)
    carry_on(run, backend)
    assert backend.assignments[-1].answers == {"which": Answered("The red one."), "five": Approved(None)}
