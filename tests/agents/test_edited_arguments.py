"""A person may allow a call with other arguments than the agent proposed."""

import pytest

from agents_app.models import Order, PermissionRequest, Run
from agents_app.services.permissions import decide
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.exceptions import Unprocessable
from sessions_app.models import AuditEntry, Session
from tests.agents.work import carry_on, data, fresh, said

pytestmark = pytest.mark.django_db(transaction=True)
PROPOSED = {"order_number": 1001, "amount": "19.90"}
EDITED = {"order_number": 1001, "amount": "5.00"}


def test_a_call_runs_with_the_edited_arguments(
    session: Session, request_to_refund: PermissionRequest, order: Order, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=True, actor=operator_actor, arguments=EDITED)
    carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert order.refunded_cents == 500
    assert said(session)[-1] == "Done: 5.00 EUR of order 1001 is refunded, 5.00 in all."


def test_proposed_shown_edited_and_executed_arguments_are_all_kept(
    session: Session, request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=True, actor=operator_actor, arguments=EDITED)
    carry_on(request_to_refund.run)
    kept = PermissionRequest.objects.select_related("tool_call").get()
    assert (kept.arguments, kept.edited_arguments) == (PROPOSED, EDITED)
    assert (kept.tool_call.proposed_arguments, kept.tool_call.effective_arguments) == (PROPOSED, EDITED)
    assert data(session, EventType.PERMISSION_CLEARED)[0]["arguments"] == EDITED
    details = AuditEntry.objects.get(action="permission.approved").details
    assert (details["proposed"], details["approved"]) == (PROPOSED, EDITED)
    executing = [entry for entry in data(session, EventType.TOOL_STATUS) if entry["status"] == "executing"]
    assert executing[-1]["arguments"] == EDITED


def test_arguments_approved_as_shown_are_kept_as_not_edited(
    request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    decided = decide(request_to_refund, approve=True, actor=operator_actor)
    assert decided.edited_arguments is None
    carry_on(request_to_refund.run)
    assert request_to_refund.run.tool_calls.get(tool_name="refund_order").effective_arguments == PROPOSED


def test_arguments_left_out_of_an_edit_are_left_out_of_the_call(
    request_to_refund: PermissionRequest, order: Order, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=True, actor=operator_actor, arguments={"order_number": 1001})
    carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert order.status == Order.Status.REFUNDED


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"order_number": "the lamp"}, "order_number"),
        ({"amount": "5.00"}, "order_number"),
        ({**PROPOSED, "currency": "USD"}, "currency"),
        ({"order_number": 1001, "amount": ["5.00"]}, "amount"),
        ({}, "order_number"),
    ],
)
def test_arguments_the_tool_cannot_take_are_refused_by_name_and_the_question_stays_open(
    request_to_refund: PermissionRequest, operator_actor: Actor, arguments: dict[str, object], named: str
) -> None:
    with pytest.raises(Unprocessable, match=f"do not fit refund_order: {named}: "):
        decide(request_to_refund, approve=True, actor=operator_actor, arguments=arguments)
    request_to_refund.refresh_from_db()
    assert request_to_refund.status == PermissionRequest.Status.PENDING
    assert fresh(request_to_refund.run).status == Run.Status.WAITING
    decide(request_to_refund, approve=True, actor=operator_actor, arguments=EDITED)


def test_an_edit_the_tool_itself_refuses_is_told_to_the_model_and_pays_nothing(
    session: Session, request_to_refund: PermissionRequest, order: Order, operator_actor: Actor
) -> None:
    more_than_paid = {"order_number": 1001, "amount": "500.00"}
    decide(request_to_refund, approve=True, actor=operator_actor, arguments=more_than_paid)
    run = carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert order.refunded_cents == 0 and run.status == Run.Status.COMPLETED
    assert said(session)[-1].startswith("Order 1001 was not refunded: Only 19.90 EUR")
