"""Asking for a person when nobody is there."""

import pytest

from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Session, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.returning import return_session
from sessions_app.services.transferring import transfer_session

pytestmark = pytest.mark.django_db
TEXT = "We are back on Monday."


@pytest.fixture
def closed(workspace: Workspace) -> None:
    """Nobody is there, whatever the hour."""
    workspace.opening_hours, workspace.after_hours_text = {"mon": []}, TEXT
    workspace.save()


def told(session: Session) -> list[dict[str, object]]:
    rows = session.events.filter(type=EventType.MESSAGE_COMPLETED, visibility=Visibility.CUSTOMER)
    return [{key: row.data[key] for key in ("role", "author", "text")} for row in rows.order_by("seq")]


def test_the_request_waits_and_the_customer_is_told(closed: None, session: Session) -> None:
    request_handoff(session, actor=SYSTEM)
    assert session.status == "waiting"
    assert told(session) == [{"role": "system", "author": "A shop", "text": TEXT}]


def test_it_is_said_once_in_a_handoff(closed: None, session: Session, operator_actor: Actor) -> None:
    request_handoff(session, actor=SYSTEM)
    accept_session(session, actor=operator_actor)
    transfer_session(session, to="", actor=operator_actor)
    assert len(told(session)) == 1
    accept_session(session, actor=operator_actor)
    return_session(session, summary="", actor=operator_actor)
    request_handoff(session, actor=SYSTEM)
    assert len(told(session)) == 2


def test_a_session_that_goes_back_into_the_queue_at_night_is_told_then(session: Session, operator_actor: Actor) -> None:
    accept_session(session, actor=operator_actor)
    Workspace.objects.update(opening_hours={"mon": []}, after_hours_text=TEXT)
    session = Session.objects.get()
    transfer_session(session, to="", actor=operator_actor)
    assert [entry["text"] for entry in told(session)] == [TEXT]


def test_within_the_hours_and_without_a_text_nothing_is_said(session: Session) -> None:
    Workspace.objects.update(opening_hours={}, after_hours_text=TEXT)
    request_handoff(Session.objects.get(), actor=SYSTEM)
    Workspace.objects.update(opening_hours={"mon": []}, after_hours_text="  ")
    assert told(session) == []
