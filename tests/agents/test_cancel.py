"""Stopping a run, whatever it is doing."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from asgiref.sync import sync_to_async

from agents_app import runner
from agents_app.backends.base import Assignment, Step, ToolDesk
from agents_app.exceptions import CancelRequested, RunEnded
from agents_app.models import Order, PermissionRequest, Run, ToolCall
from agents_app.runner import advance
from agents_app.services.claims import Hold, claim_run, keep_run
from agents_app.services.endings import complete_run
from agents_app.services.ledger import claim_call, propose_call
from agents_app.services.permissions import decide
from agents_app.services.runs import cancel_run
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.actors import Actor, ActorKind
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyDecided
from sessions_app.models import AuditEntry, Draft, Session
from tests.agents.scripted import Scripted, delta, park
from tests.agents.talking import Talking
from tests.agents.work import answered, asked, carry_on, claimed, data, ends, fresh, request_of, said, statuses, types

pytestmark = pytest.mark.django_db(transaction=True)
BEN = Actor(ActorKind.USER, "ben", role="supervisor")


def test_a_queued_run_is_cancelled_at_once_and_never_starts(session: Session, operator_actor: Actor) -> None:
    run = asked(session, "hello")
    assert cancel_run(run, actor=operator_actor).status == Run.Status.CANCELLED
    assert types(session)[-1] == "run_cancelled" and claim_run(run.pk) is None


def test_the_canceller_is_in_the_log_by_role_and_in_the_audit_by_name(session: Session, operator_actor: Actor) -> None:
    run = cancel_run(asked(session, "hello"), actor=operator_actor)
    assert data(session, EventType.RUN_CANCELLED) == [{"by": "operator"}]
    entry = AuditEntry.objects.get(action="run.cancelled")
    assert (entry.actor_kind, entry.actor, entry.role) == ("user", "operator", "operator")
    assert (entry.target, entry.session_name) == (str(run.pk), "talk")


def test_a_parked_run_is_cancelled_at_once_and_its_question_is_cleared(
    session: Session, parked: Run, order: Order, operator_actor: Actor
) -> None:
    request = request_of(parked)
    cancel_run(parked, actor=operator_actor)
    (cleared,) = data(session, EventType.PERMISSION_CLEARED)
    assert (cleared["outcome"], cleared["decided_by"]) == ("cancelled", "user:operator")
    assert types(session)[-3:] == ["permission_cleared", "tool_status", "run_cancelled"]
    assert statuses(session, "refund_order")[-1] == "cancelled"
    with pytest.raises(AlreadyDecided):
        decide(request, approve=True, actor=BEN)
    assert PermissionRequest.objects.get().status == "cancelled" and ends(parked) == ["run_cancelled"]


def test_after_a_cancelled_question_the_next_message_begins_anew(session: Session, operator_actor: Actor) -> None:
    asking = answered(session, "ask me")
    cancel_run(asking, actor=operator_actor)
    following = answered(session, "hello")
    assert following.pk != asking.pk and following.status == Run.Status.COMPLETED
    assert ToolCall.objects.get(run=asking).status == ToolCall.Status.CANCELLED


def test_a_run_in_mid_sentence_stops_at_the_next_look_of_its_worker(
    session: Session, operator_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Run] = []

    def look(run: Run) -> Hold:
        looks.append(run)
        return keep_run(run)

    monkeypatch.setattr(runner, "keep_run", look)
    run = asked(session, "hello")
    worker = Talking(run)
    cancel_run(fresh(run), actor=operator_actor)
    before = len(looks)
    worker.end()
    assert len(looks) - before <= 1 and runner.KEEP_SECONDS <= 0.5
    assert types(session)[-3:] == ["message_started", "message_discarded", "run_cancelled"]
    assert data(session, EventType.RUN_CANCELLED) == [{"by": "operator"}]
    assert said(session) == [] and not Draft.objects.exists() and ends(run) == ["run_cancelled"]


def test_the_first_who_stops_a_working_run_is_the_one_named(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    run = asked(session, "hello")
    taken = claimed(run)
    cancel_run(fresh(run), actor=operator_actor)
    cancel_run(fresh(run), actor=BEN)
    advance(taken, Scripted(_wait))
    assert AuditEntry.objects.get(action="run.cancelled").actor == "operator"


def test_who_stopped_a_run_is_known_even_when_it_was_faster(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    run = asked(session, "hello")
    taken = claimed(run)
    cancel_run(fresh(run), actor=operator_actor)
    cancel_run(fresh(run), actor=BEN)
    complete_run(taken, usage={})
    assert fresh(run).status == Run.Status.COMPLETED
    entry = AuditEntry.objects.get(action="run.cancel_requested")
    assert (entry.actor, entry.session, entry.target) == ("operator", session.pk, str(run.pk))


async def _wait(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
    await asyncio.Event().wait()
    yield delta("never")


def test_a_tool_that_was_running_when_the_run_was_stopped_is_declared_unknown(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    run = asked(session, "refund")

    async def refund_slowly(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        await desk.judge(REFUND_ORDER, "c", {})

        async def cancelled_meanwhile() -> None:
            await sync_to_async(lambda: cancel_run(fresh(run), actor=operator_actor))()
            await asyncio.Event().wait()

        await desk.run(REFUND_ORDER, "c", {}, cancelled_meanwhile)
        yield delta("never")

    carry_on(run, Scripted(refund_slowly))
    assert statuses(session, "refund_order")[-1] == "unknown" and ends(run) == ["run_cancelled"]


def test_a_run_that_was_stopped_just_before_it_parks_asks_nobody(session: Session, operator_actor: Actor) -> None:
    run = asked(session, "refund")

    async def park_too_late(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        paused = await park(desk, (REFUND_ORDER, "c", {}))
        await sync_to_async(lambda: cancel_run(fresh(run), actor=operator_actor))()
        yield paused

    assert carry_on(run, Scripted(park_too_late)).status == Run.Status.CANCELLED
    assert data(session, EventType.PERMISSION_REQUEST) == [] and ends(run) == ["run_cancelled"]
    assert data(session, EventType.RUN_CANCELLED) == [{"by": "operator"}]


def test_an_answered_run_that_no_worker_has_taken_up_is_cancelled_at_once(
    session: Session, parked: Run, order: Order, operator_actor: Actor
) -> None:
    decide(request_of(parked), approve=True, actor=operator_actor)
    cancel_run(fresh(parked), actor=operator_actor)
    order.refresh_from_db()
    assert claim_run(parked.pk) is None and order.refunded_cents == 0 and ends(parked) == ["run_cancelled"]


@pytest.mark.parametrize("text", ["hello", "fail"])
def test_a_run_that_has_ended_cannot_be_cancelled(session: Session, operator_actor: Actor, text: str) -> None:
    run = answered(session, text)
    with pytest.raises(RunEnded):
        cancel_run(run, actor=operator_actor)
    assert len(ends(run)) == 1 and not AuditEntry.objects.filter(action="run.cancelled").exists()


def test_a_cancelled_run_cannot_be_cancelled_again(session: Session, operator_actor: Actor) -> None:
    run = cancel_run(asked(session, "hello"), actor=operator_actor)
    with pytest.raises(RunEnded):
        cancel_run(run, actor=operator_actor)
    assert ends(run) == ["run_cancelled"]


def test_no_tool_begins_once_a_cancel_was_accepted(session: Session, order: Order, operator_actor: Actor) -> None:
    run = claimed(asked(session, "hello"))
    propose_call(run, REFUND_ORDER, "call-1", {"order_number": 1001})
    cancel_run(fresh(run), actor=operator_actor)
    with pytest.raises(CancelRequested):
        claim_call(run, REFUND_ORDER, "call-1", {"order_number": 1001})
    assert ToolCall.objects.get().status == ToolCall.Status.PROPOSED
