"""What becomes of a question that nobody answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents_app.models import Order, PermissionRequest, Run
from agents_app.services.deadlines import WARN_AFTER
from agents_app.services.permissions import decide, expire
from agents_app.services.sweeping import sweep_all
from sessions_app.events.types import EventType, Visibility
from sessions_app.exceptions import AlreadyDecided, Forbidden
from sessions_app.models import AuditEntry, Session
from tests.agents.policies import ANNA, BEN, CLEO, question
from tests.agents.races import race
from tests.agents.work import data, fresh, log, request_of

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def notices(session: Session, code: str) -> list[dict[str, Any]]:
    return [notice for notice in data(session, EventType.NOTICE) if notice["code"] == code]


def warning_time(request: PermissionRequest) -> datetime:
    return request.requested_at + (request.expires_at - request.requested_at) * WARN_AFTER


def overdue(request: PermissionRequest) -> PermissionRequest:
    PermissionRequest.objects.filter(pk=request.pk).update(expires_at=timezone.now() - SECOND)
    return request_of(request.run)


@pytest.fixture
def escalating(session: Session, order: Order) -> PermissionRequest:
    return question(session, on_timeout="escalate", timeout_seconds=300)


def test_operators_are_warned_once_when_most_of_the_time_is_over(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    at = warning_time(request_to_refund)
    sweep_all(at - SECOND)
    assert notices(session, "permission_expiring") == []
    sweep_all(at + SECOND)
    sweep_all(at + SECOND)
    (notice,) = notices(session, "permission_expiring")
    assert notice["request_id"] == str(request_to_refund.pk)
    assert notice["expires_at"] == request_to_refund.expires_at.isoformat()
    assert log(session, EventType.NOTICE)[0].visibility == Visibility.OPERATOR
    assert request_of(request_to_refund.run).warned_at is not None


def test_an_answered_question_is_not_warned_of(session: Session, request_to_refund: PermissionRequest) -> None:
    decide(request_of(request_to_refund.run), approve=False, actor=ANNA)
    sweep_all(warning_time(request_to_refund) + SECOND)
    assert notices(session, "permission_expiring") == []


def test_two_sweeps_at_once_warn_once(session: Session, request_to_refund: PermissionRequest) -> None:
    at = warning_time(request_to_refund) + SECOND
    assert race(lambda: sweep_all(at), lambda: sweep_all(at)) == [None, None]
    assert len(notices(session, "permission_expiring")) == 1


def test_a_question_that_escalates_is_put_to_supervisors_with_as_much_time_again(
    session: Session, escalating: PermissionRequest
) -> None:
    overdue(escalating)
    began = timezone.now()
    sweep_all(began)
    asked = request_of(escalating.run)
    assert asked.required_role == "supervisor" and asked.escalated_at is not None
    assert began <= asked.expires_at - timedelta(seconds=300) <= timezone.now()
    (notice,) = notices(session, "permission_escalated")
    assert (notice["required_role"], notice["expires_at"]) == ("supervisor", asked.expires_at.isoformat())
    assert AuditEntry.objects.get(action="permission.escalated").target == str(asked.pk)
    assert fresh(asked.run).status == Run.Status.WAITING and not data(session, EventType.PERMISSION_CLEARED)


def test_after_an_escalation_operators_are_refused_and_a_supervisor_decides(escalating: PermissionRequest) -> None:
    expire(overdue(escalating))
    with pytest.raises(Forbidden):
        decide(request_of(escalating.run), approve=True, actor=ANNA)
    assert decide(request_of(escalating.run), approve=True, actor=CLEO).status == "approved"


def test_a_question_that_escalated_in_vain_is_denied(session: Session, escalating: PermissionRequest) -> None:
    for _ in range(2):
        overdue(escalating)
        sweep_all(timezone.now())
    assert len(notices(session, "permission_escalated")) == 1
    assert data(session, EventType.PERMISSION_CLEARED)[0]["outcome"] == "expired"
    assert fresh(escalating.run).status == Run.Status.RESUMING


def test_supervisors_are_warned_again(session: Session, escalating: PermissionRequest) -> None:
    sweep_all(warning_time(escalating) + SECOND)
    expire(overdue(escalating))
    again = request_of(escalating.run)
    assert again.warned_at is None and again.warn_at is not None
    sweep_all(again.warn_at + SECOND)
    assert len(notices(session, "permission_expiring")) == 2


def test_two_sweeps_at_once_escalate_once(session: Session, escalating: PermissionRequest) -> None:
    overdue(escalating)
    now = timezone.now()
    assert race(lambda: sweep_all(now), lambda: sweep_all(now)) == [None, None]
    assert len(notices(session, "permission_escalated")) == 1
    assert request_of(escalating.run).status == "pending"


def test_a_sweep_that_looked_before_an_escalation_does_not_end_the_new_time(escalating: PermissionRequest) -> None:
    stale = overdue(escalating)
    assert expire(request_of(escalating.run)) is True
    assert expire(stale) is False
    assert request_of(escalating.run).status == "pending"


def test_an_operators_answer_after_the_time_is_refused_even_before_the_sweep_came(
    escalating: PermissionRequest,
) -> None:
    with pytest.raises(AlreadyDecided):
        decide(overdue(escalating), approve=True, actor=ANNA)
    sweep_all(timezone.now())
    assert decide(request_of(escalating.run), approve=True, actor=CLEO).status == "approved"


def test_an_answer_and_an_expiry_at_once_settle_the_question_once(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    mine, swept = request_of(request_to_refund.run), request_of(request_to_refund.run)
    decided, _ = race(lambda: decide(mine, approve=True, actor=ANNA), lambda: expire(swept))
    assert isinstance(decided, AlreadyDecided | PermissionRequest)
    assert len(data(session, EventType.PERMISSION_CLEARED)) == 1


def test_approvals_given_before_an_escalation_stand(session: Session, order: Order) -> None:
    asked = question(session, approvals=2, on_timeout="escalate")
    decide(request_of(asked.run), approve=True, actor=BEN)
    expire(overdue(asked))
    assert decide(request_of(asked.run), approve=True, actor=CLEO).status == "approved"


def test_approvals_that_were_too_few_in_time_approve_nothing(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    decide(request_of(asked.run), approve=True, actor=BEN)
    expire(overdue(asked))
    assert data(session, EventType.PERMISSION_CLEARED)[0]["outcome"] == "expired"
    assert fresh(asked.run).status == Run.Status.RESUMING
