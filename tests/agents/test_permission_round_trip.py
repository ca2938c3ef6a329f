"""A tool that asks: the run parks, a person answers, any worker goes on."""

from datetime import timedelta

import pytest
from django.conf import settings

from agents_app.models import Order, PermissionRequest, Run
from agents_app.services.claims import claim_run
from agents_app.services.permissions import decide
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.models import Session
from tests.agents.line import enqueued
from tests.agents.work import asked, carry_on, data, ends, fresh, said, statuses, types
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_question_says_what_would_be_done_how_risky_it_is_why_and_until_when(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    (event,) = data(session, EventType.PERMISSION_REQUEST)
    assert event == {
        "request_id": str(request_to_refund.pk),
        "kind": "approval",
        "options": ["approve", "deny"],
        "tool_call_id": request_to_refund.tool_call.tool_call_id,
        "tool_name": "refund_order",
        "arguments": {"order_number": 1001, "amount": "19.90"},
        "risk_level": "high",
        "reasoning": "19.90 of order 1001 can be refunded. ",
        "policy": "default: refund_order asks a person",
        "required_role": "operator",
        "approvals_needed": 1,
        "expires_at": request_to_refund.expires_at.isoformat(),
    }
    open_for = request_to_refund.expires_at - request_to_refund.requested_at
    assert abs(open_for - timedelta(seconds=settings.PERMISSION_TIMEOUT_SECONDS)) < timedelta(seconds=60)


def test_a_run_that_waits_for_a_person_holds_no_worker_and_has_done_nothing(
    session: Session, parked: Run, order: Order
) -> None:
    assert (parked.status, parked.lease_until) == (Run.Status.WAITING, None)
    assert types(session)[-3:] == ["tool_status", "permission_request", "run_waiting"]
    assert statuses(session, "refund_order") == ["proposed", "waiting_permission"]
    order.refresh_from_db()
    assert order.refunded_cents == 0


def test_an_approved_refund_is_paid_once_and_reported(
    session: Session, request_to_refund: PermissionRequest, order: Order, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=True, actor=operator_actor, reason="A good customer.")
    run = carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert (order.refunded_cents, order.status) == (1990, Order.Status.REFUNDED)
    assert said(session)[-1] == "Done: 19.90 EUR of order 1001 is refunded, 19.90 in all."
    assert statuses(session, "refund_order")[2:] == ["executing", "completed"]
    assert ends(run) == ["run_completed"]


def test_an_answer_enqueues_the_run_and_the_next_worker_says_that_it_resumed(
    valkey: TestValkey, session: Session, request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    enqueued()
    decide(request_to_refund, approve=True, actor=operator_actor)
    assert enqueued() == [request_to_refund.run_id]
    assert fresh(request_to_refund.run).status == Run.Status.RESUMING
    carry_on(request_to_refund.run)
    assert types(session)[types(session).index("permission_cleared") + 1] == "run_resumed"
    assert enqueued() == []


def test_a_denied_refund_is_not_paid_and_the_model_hears_why(
    session: Session, request_to_refund: PermissionRequest, order: Order, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=False, actor=operator_actor, reason="The lamp was used.")
    run = carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert order.refunded_cents == 0
    assert said(session)[-1] == "The refund of order 1001 was denied: The lamp was used."
    assert statuses(session, "refund_order")[2:] == ["denied"]
    assert ends(run) == ["run_completed"]


def test_a_denial_without_a_reason_still_tells_the_model_something(
    session: Session, request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=False, actor=operator_actor)
    carry_on(request_to_refund.run)
    assert said(session)[-1] == "The refund of order 1001 was denied: A person denied this."


def test_the_decision_is_told_with_who_in_which_role_and_why(
    session: Session, request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=True, actor=operator_actor, reason="A good customer.")
    assert data(session, EventType.PERMISSION_CLEARED) == [
        {
            "request_id": str(request_to_refund.pk),
            "kind": "approval",
            "tool_call_id": request_to_refund.tool_call.tool_call_id,
            "outcome": "approved",
            "decided_by": "user:operator",
            "role": "operator",
            "reason": "A good customer.",
            "arguments": {"order_number": 1001, "amount": "19.90"},
        }
    ]


def test_a_message_while_a_person_is_asked_waits_behind(session: Session, request_to_refund: PermissionRequest) -> None:
    behind = asked(session, "hello")
    assert behind.pk != request_to_refund.run_id
    assert claim_run(behind.pk) is None and fresh(behind).status == Run.Status.QUEUED
