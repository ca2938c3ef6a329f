"""Events too large for the bus."""

import pytest

from sessions_app.events.channels import MAX_PAYLOAD_BYTES
from sessions_app.events.encoding import Grown
from sessions_app.models import Session
from tests.servers.valkey import TestValkey
from tests.sessions.hearing import Hearing
from tests.sessions.makers import atell, tell
from tests.sessions.watcher import Watcher, reading

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_that_the_log_has_grown_travels(session: Session, hearing: Hearing) -> None:
    tell(session, "x" * MAX_PAYLOAD_BYTES)
    assert hearing.take(1) == [Grown(2)]


@pytest.mark.parametrize("size", [256 * 1024, 1_000_000])
async def test_every_reader_gets_it_whole_and_in_its_place(session: Session, valkey: TestValkey, size: int) -> None:
    large = "狐" * (size // 3)
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(1)
        await atell(session, "before", large, "after")
        await watcher.until_told("after")
        assert watcher.texts == ["before", large, "after"]
        assert watcher.seqs == [1, 2, 3, 4]


async def test_many_large_events_at_once_reach_a_reader_from_the_start(session: Session, valkey: TestValkey) -> None:
    texts = [f"{number}" + "x" * 300_000 for number in range(10)]
    await atell(session, *texts)
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(11)
        assert watcher.texts == texts
