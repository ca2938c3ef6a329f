"""A question is answered once, whoever answers at the same moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from agents_app.models import Order, PermissionRequest, Run
from agents_app.services.permissions import decide
from agents_app.services.runs import cancel_run
from agents_app.services.sweeping import sweep_all
from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyDecided
from sessions_app.models import AuditEntry, Session
from tests.agents.line import enqueued
from tests.agents.races import race
from tests.agents.work import carry_on, data, ends, fresh, request_of, said, statuses
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)
ANNA = Actor(ActorKind.USER, "anna", role="operator")
BEN = Actor(ActorKind.USER, "ben", role="supervisor")


def deciding(run: Run, actor: Actor, *, approve: bool) -> Callable[[], PermissionRequest]:
    """A decision by somebody who looks at the question on a page of their own."""
    request = request_of(run)
    return lambda: decide(request, approve=approve, actor=actor)


def overdue(request: PermissionRequest) -> PermissionRequest:
    """Its time is over, and no sweep has come by yet."""
    request.expires_at = timezone.now() - timedelta(seconds=1)
    request.save(update_fields=["expires_at"])
    return request


def test_of_two_people_who_decide_at_once_one_is_told_that_it_was_decided(
    valkey: TestValkey, session: Session, parked: Run, order: Order
) -> None:
    enqueued()
    results = race(deciding(parked, ANNA, approve=True), deciding(parked, BEN, approve=True))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "PermissionRequest"]
    winner = ANNA if isinstance(results[0], PermissionRequest) else BEN
    assert [entry["decided_by"] for entry in data(session, EventType.PERMISSION_CLEARED)] == [str(winner)]
    assert AuditEntry.objects.get(action="permission.approved").actor == winner.name
    assert enqueued() == [parked.pk]
    carry_on(parked)
    order.refresh_from_db()
    assert order.refunded_cents == 1990


def test_when_one_approves_and_one_denies_at_once_the_refund_follows_the_first(
    session: Session, parked: Run, order: Order
) -> None:
    approved, denied = race(deciding(parked, ANNA, approve=True), deciding(parked, BEN, approve=False))
    assert isinstance(approved, AlreadyDecided) is not isinstance(denied, AlreadyDecided)
    carry_on(parked)
    order.refresh_from_db()
    won = isinstance(approved, PermissionRequest)
    assert order.refunded_cents == (1990 if won else 0)
    assert [entry["outcome"] for entry in data(session, EventType.PERMISSION_CLEARED)] == [
        "approved" if won else "denied"
    ]


def test_a_second_answer_changes_nothing(request_to_refund: PermissionRequest, order: Order) -> None:
    decide(request_to_refund, approve=False, actor=ANNA, reason="No.")
    with pytest.raises(AlreadyDecided):
        decide(request_to_refund, approve=True, actor=BEN)
    kept = PermissionRequest.objects.get()
    assert (kept.status, kept.decided_by, kept.reason) == ("denied", "user:anna", "No.")
    carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert order.refunded_cents == 0


def test_a_question_nobody_answered_in_time_is_denied_by_the_sweep_and_the_run_goes_on(
    session: Session, request_to_refund: PermissionRequest, order: Order
) -> None:
    overdue(request_to_refund)
    sweep_all(timezone.now())
    (cleared,) = data(session, EventType.PERMISSION_CLEARED)
    assert (cleared["outcome"], cleared["decided_by"]) == ("expired", str(SYSTEM))
    assert statuses(session, "refund_order")[-1] == "denied"
    run = carry_on(request_to_refund.run)
    order.refresh_from_db()
    assert order.refunded_cents == 0 and ends(run) == ["run_completed"]
    assert said(session)[-1].endswith("was denied: Nobody answered in time, so this was not done.")
    assert AuditEntry.objects.get(action="permission.expired").actor == "handrail"


def test_a_question_that_still_has_time_is_left_alone_by_the_sweep(request_to_refund: PermissionRequest) -> None:
    sweep_all(request_to_refund.expires_at - timedelta(seconds=1))
    assert request_of(request_to_refund.run).status == PermissionRequest.Status.PENDING


def test_an_answer_after_the_time_is_refused_even_before_the_sweep_came(request_to_refund: PermissionRequest) -> None:
    with pytest.raises(AlreadyDecided):
        decide(overdue(request_to_refund), approve=True, actor=ANNA)
    assert fresh(request_to_refund.run).status == Run.Status.WAITING
    sweep_all(timezone.now())
    assert PermissionRequest.objects.get().status == PermissionRequest.Status.EXPIRED


def test_two_sweeps_at_once_expire_a_question_once(
    valkey: TestValkey, session: Session, request_to_refund: PermissionRequest
) -> None:
    overdue(request_to_refund)
    enqueued()
    now = timezone.now()
    assert race(lambda: sweep_all(now), lambda: sweep_all(now)) == [None, None]
    assert len(data(session, EventType.PERMISSION_CLEARED)) == 1
    assert AuditEntry.objects.filter(action="permission.expired").count() == 1
    assert enqueued() == [request_to_refund.run_id]


def test_a_decision_and_a_cancel_at_once_settle_the_question_once(session: Session, parked: Run, order: Order) -> None:
    run = fresh(parked)
    decided, _ = race(deciding(parked, ANNA, approve=True), lambda: cancel_run(run, actor=BEN))
    assert isinstance(decided, AlreadyDecided | PermissionRequest)
    assert len(data(session, EventType.PERMISSION_CLEARED)) == 1
    assert ends(run) == ["run_cancelled"] and fresh(run).status == Run.Status.CANCELLED
    order.refresh_from_db()
    assert order.refunded_cents == 0
