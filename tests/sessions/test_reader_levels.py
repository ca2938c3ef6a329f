"""What a customer's stream carries, and that its cursor passes over what it does not."""

import pytest
from asgiref.sync import sync_to_async

from sessions_app.events.announce import announce
from sessions_app.events.record import record
from sessions_app.events.types import OPERATORS_ONLY, EventType, Visibility
from sessions_app.models import Draft, Session
from tests.sessions.makers import atell
from tests.sessions.watcher import Watcher, reading

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
CUSTOMER = Visibility.CUSTOMER


def everything(session: Session) -> None:
    """One of each kind a customer must not see, between two that it may."""
    record(session, EventType.NOTICE, {"code": "first"})
    record(session, EventType.REASONING_STARTED, {"message_id": "m"})
    announce(session, EventType.REASONING_CHUNK, {"message_id": "m", "offset": 0, "text": "hm"})
    record(session, EventType.REASONING_COMPLETED, {"message_id": "m", "text": "hm"})
    record(session, EventType.TOOL_STATUS, {"status": "executing", "arguments": {"card": "4242"}})
    record(session, EventType.PERMISSION_REQUEST, {"request_id": "p"})
    record(session, EventType.PERMISSION_CLEARED, {"request_id": "p", "decided_by": "olga"})
    record(session, EventType.OPERATOR_NOTE, {"text": "difficult customer"})
    record(session, EventType.NOTICE, {"code": "last"})


async def test_a_customer_sees_neither_reasoning_nor_decisions_nor_arguments(session: Session) -> None:
    async with Watcher(reading(session, level=CUSTOMER)) as watcher:
        await watcher.until_seq(1)
        await sync_to_async(everything)(session)
        await watcher.until_seq(9)
        assert not OPERATORS_ONLY & {event.type for event in watcher.events}
        assert watcher.seqs == [1, 2, 5, 9]
        assert "4242" not in str(watcher.events)


async def test_the_replay_shows_a_customer_exactly_what_the_live_stream_does(session: Session) -> None:
    await sync_to_async(everything)(session)
    async with Watcher(reading(session, level=CUSTOMER)) as watcher:
        await watcher.until_seq(9)
        assert watcher.seqs == [1, 2, 5, 9]


@pytest.mark.parametrize("after", range(10))
async def test_a_customer_may_resume_anywhere_even_between_events_it_cannot_see(session: Session, after: int) -> None:
    await sync_to_async(everything)(session)
    async with Watcher(reading(session, level=CUSTOMER, after=after)) as watcher:
        await atell(session, "end")
        await watcher.until_told("end")
        assert watcher.seqs == [seq for seq in (1, 2, 5, 9, 10) if seq > after]


async def test_events_a_reader_cannot_see_do_not_send_it_back_to_the_log(session: Session) -> None:
    watched = reading(session, level=CUSTOMER)
    async with Watcher(watched) as watcher:
        await watcher.until_seq(1)
        await sync_to_async(everything)(session)
        await watcher.until_seq(9)
        assert (watched.cursor, watched.behind) == (9, False)


async def test_a_thought_in_mid_sentence_is_not_given_to_a_customer_who_joins(session: Session) -> None:
    await Draft.objects.acreate(
        session=session, kind=Draft.Kind.REASONING, visibility=Visibility.OPERATOR, text="secret thought"
    )
    async with Watcher(reading(session, level=CUSTOMER)) as customer, Watcher(reading(session)) as operator:
        await operator.until(lambda: operator.spoken == "secret thought")
        await atell(session, "end")
        await customer.until_told("end")
        assert not customer.chunks
