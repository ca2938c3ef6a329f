"""Closing a session ends all work in it."""

import pytest

from agents_app.models import Order, PermissionRequest, Run
from agents_app.services.claims import claim_run
from agents_app.services.permissions import decide
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyDecided, SessionClosed
from sessions_app.models import Draft, Session
from sessions_app.services.sessions import close_session
from tests.agents.talking import Talking
from tests.agents.work import asked, customer_says, data, ends, fresh, request_of, types

pytestmark = pytest.mark.django_db(transaction=True)


def test_closing_cancels_what_is_parked_and_what_is_in_line(
    session: Session, parked: Run, operator_actor: Actor
) -> None:
    behind = asked(session, "hello")
    close_session(session, actor=operator_actor)
    assert ends(parked) == ends(behind) == ["run_cancelled"]
    assert data(session, EventType.RUN_CANCELLED) == [{"by": "operator"}] * 2
    assert PermissionRequest.objects.get().status == PermissionRequest.Status.CANCELLED
    assert types(session)[-1] == "session_closed"
    assert claim_run(behind.pk) is None


def test_a_question_of_a_closed_session_cannot_be_answered(
    session: Session, parked: Run, order: Order, operator_actor: Actor
) -> None:
    request = request_of(parked)
    close_session(session, actor=operator_actor)
    with pytest.raises(AlreadyDecided):
        decide(request, approve=True, actor=operator_actor)
    order.refresh_from_db()
    assert order.refunded_cents == 0


def test_closing_stops_a_worker_in_mid_sentence(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    run = asked(session, "hello")
    worker = Talking(run)
    close_session(session, actor=operator_actor)
    worker.end()
    assert ends(run) == ["run_cancelled"] and not Draft.objects.exists()
    assert fresh(run).status == Run.Status.CANCELLED


def test_nothing_can_be_said_in_a_closed_session(session: Session, operator_actor: Actor) -> None:
    close_session(session, actor=operator_actor)
    with pytest.raises(SessionClosed):
        customer_says(session, "hello")
    assert not Run.objects.exists()
