"""One reader's bounded queue."""

import asyncio

import pytest

from sessions_app.events.encoding import Grown
from sessions_app.streaming.inbox import Inbox


async def test_what_was_put_is_taken_once_and_in_order() -> None:
    inbox = Inbox(5)
    inbox.put(("a", Grown(1)))
    inbox.put(("b", Grown(2)))
    mail = await inbox.take()
    assert mail.items == [("a", Grown(1)), ("b", Grown(2))]
    assert not (mail.lost or mail.beat or mail.ended)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await inbox.take()


async def test_a_full_inbox_drops_everything_and_says_so_once() -> None:
    inbox = Inbox(2)
    for number in range(3):
        inbox.put(("a", Grown(number)))
    mail = await inbox.take()
    assert (mail.items, mail.lost) == ([], True)
    inbox.put(("a", Grown(9)))
    mail = await inbox.take()
    assert (mail.items, mail.lost) == ([("a", Grown(9))], False)


async def test_it_never_holds_more_than_its_size() -> None:
    inbox = Inbox(3)
    for number in range(1000):
        inbox.put(("a", Grown(number)))
        assert len(inbox._items) <= 3


async def test_several_unanswered_beats_are_one() -> None:
    inbox = Inbox(2)
    inbox.beat()
    inbox.beat()
    assert (await inbox.take()).beat
    inbox.put(("a", Grown(1)))
    assert not (await inbox.take()).beat


async def test_an_end_is_told_again_to_whoever_asks_again() -> None:
    inbox = Inbox(2)
    inbox.end()
    assert (await inbox.take()).ended
    inbox.beat()
    assert (await inbox.take()).ended
