"""Why people on this side did something is not for customers, wherever they look."""

import json

import pytest

from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.replay import from_row
from sessions_app.events.types import OPERATORS_ONLY_KEYS, EventType, Visibility
from sessions_app.events.visibility import seen_by
from sessions_app.models import Handoff, Session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.sessions import close_session

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "He shouts at everybody."


@pytest.fixture
def ended(session: Session, operator_actor: Actor) -> Session:
    """A session that was handed over and closed, each for a reason."""
    request_handoff(session, actor=SYSTEM, reason=WHY)
    return close_session(session, actor=operator_actor, reason=WHY)


def test_a_customer_never_reads_a_reason(ended: Session) -> None:
    events = [from_row(row, ended.name) for row in ended.events.all()]
    told = [seen_by(event, Visibility.CUSTOMER) for event in events]
    assert WHY not in json.dumps([dict(event.data) for event in told if event is not None])
    assert WHY in json.dumps([dict(event.data) for event in events])


def test_each_key_that_is_taken_out_is_one_that_the_event_has(ended: Session) -> None:
    for type in (EventType.STATUS_CHANGE, EventType.SESSION_CLOSED, EventType.HANDOFF_REQUESTED):
        row = ended.events.filter(type=type).first()
        assert row is not None and row.data.keys() >= OPERATORS_ONLY_KEYS[type]


def test_closing_a_session_ends_its_handoff(ended: Session) -> None:
    handoff = Handoff.objects.get(session=ended)
    assert handoff.status == Handoff.Status.CLOSED and handoff.ended_at is not None
