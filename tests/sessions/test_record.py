"""Durable events: one gapless order per session, published only once they are safe."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from sessions_app.events import bus
from sessions_app.events.announce import announce
from sessions_app.events.record import record
from sessions_app.events.types import TRANSIENT, EventType, Visibility
from sessions_app.models import Session, StoredEvent
from tests.patience import PATIENCE_SECONDS
from tests.sessions.hearing import Hearing
from tests.sessions.makers import tell

pytestmark = pytest.mark.django_db(transaction=True)


def seqs(session: Session) -> list[int]:
    return list(StoredEvent.objects.filter(session=session).order_by("seq").values_list("seq", flat=True))


def test_many_writers_of_one_session_leave_no_gap_and_no_double(session: Session) -> None:
    ready = threading.Barrier(8)

    def write(writer: int) -> None:
        try:
            ready.wait(PATIENCE_SECONDS)
            for number in range(50):
                tell(session, f"{writer}.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(8)))
    assert seqs(session) == list(range(1, 402))
    session.refresh_from_db()
    assert session.last_seq == 401


def test_each_writers_own_events_stay_in_its_order(session: Session) -> None:
    for number in range(5):
        tell(session, str(number))
    texts = [row.data["text"] for row in StoredEvent.objects.filter(session=session, seq__gt=1).order_by("seq")]
    assert texts == ["0", "1", "2", "3", "4"]


def test_a_rollback_leaves_no_gap_and_publishes_nothing(session: Session, hearing: Hearing) -> None:
    with transaction.atomic():
        tell(session, "never happened")
        transaction.set_rollback(True)
    tell(session, "happened")
    assert hearing.texts(1) == ["happened"]
    assert seqs(session) == [1, 2]


def test_an_event_is_published_only_after_its_commit(session: Session, hearing: Hearing) -> None:
    with transaction.atomic():
        tell(session, "later")
        announce(session, EventType.TYPING, {"who": "agent"})
        # What was announced at once arrives, and what was recorded before it has not.
        assert hearing.types(1) == ["typing"]
    assert hearing.types(1) == ["message_completed"]


def test_the_event_says_what_was_stored(session: Session) -> None:
    event = record(session, EventType.TOOL_STATUS, {"status": "executing"}, open=True)
    row = StoredEvent.objects.get(session=session, seq=2)
    assert (row.type, row.data, row.open, row.timestamp) == (event.type, event.data, True, event.timestamp)
    assert (event.seq, session.last_seq) == (2, 2)


def test_visibility_is_the_types_unless_the_writer_says_otherwise(session: Session) -> None:
    assert record(session, EventType.OPERATOR_NOTE, {}).visibility is Visibility.OPERATOR
    assert record(session, EventType.NOTICE, {}, visibility=Visibility.SUPERVISOR).visibility is Visibility.SUPERVISOR


@pytest.mark.parametrize("type", sorted(TRANSIENT))
def test_a_transient_type_is_never_recorded(session: Session, type: EventType) -> None:
    with pytest.raises(ValueError, match="announced"):
        record(session, type, {})
    assert seqs(session) == [1]


@pytest.mark.parametrize("type", sorted(set(EventType) - TRANSIENT))
def test_a_durable_type_is_never_only_announced(session: Session, type: EventType) -> None:
    with pytest.raises(ValueError, match="durable"):
        announce(session, type, {})


def test_what_cannot_be_stored_is_replaced_and_not_refused(session: Session) -> None:
    record(session, EventType.NOTICE, {"te\x00xt": "a\x00b\ud800", "list": ["\x00"], "number": float("nan")})
    assert StoredEvent.objects.get(session=session, seq=2).data == {
        "te\ufffdxt": "a\ufffdb\ufffd",
        "list": ["\ufffd"],
        "number": None,
    }


def test_a_bus_that_fails_does_not_fail_the_caller(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bus.Bus:
        raise RuntimeError("The bus is broken in a way nobody thought of.")

    with monkeypatch.context() as patch:
        patch.setattr(bus, "get_bus", broken)
        tell(session, "safe")
    assert seqs(session) == [1, 2]


def test_the_sessions_row_holds_the_beginning_of_the_newest_message_everybody_may_see(session: Session) -> None:
    record(session, EventType.MESSAGE_COMPLETED, {"text": "One\n two  " + "x" * 500})
    assert session.last_message == "One two " + "x" * 192
    record(session, EventType.MESSAGE_COMPLETED, {"text": "for us alone"}, visibility=Visibility.OPERATOR)
    record(session, EventType.NOTICE, {"text": "no message"})
    assert Session.objects.get().last_message == session.last_message
