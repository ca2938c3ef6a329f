"""Joining while a message is being spoken."""

import pytest
import redis.asyncio
from asgiref.sync import sync_to_async

from sessions_app.events.channels import text_key
from sessions_app.events.replay import Unsettled, read_unsettled
from sessions_app.events.types import EventType
from sessions_app.models import Session
from sessions_app.streaming import subscription
from tests.servers.valkey import TestValkey
from tests.sessions.makers import Speaker, atell
from tests.sessions.watcher import Watcher, reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def speaker(session: Session, valkey: TestValkey) -> Speaker:
    speaking = Speaker(session)
    speaking.begin()
    return speaking


async def say(speaker: Speaker, *pieces: str) -> None:
    for piece in pieces:
        await sync_to_async(speaker.say)(piece)


async def test_a_late_reader_gets_all_so_far_in_one_chunk_and_then_each_word(
    session: Session, speaker: Speaker
) -> None:
    await say(speaker, "Grüße", ", ", "Welt")
    async with Watcher(reading(session)) as watcher:
        await watcher.until(lambda: bool(watcher.chunks))
        (chunk,) = watcher.chunks
        assert (chunk.data["offset"], chunk.data["text"]) == (0, "Grüße, Welt")
        await say(speaker, " 🦊", "!")
        await watcher.until(lambda: watcher.spoken == "Grüße, Welt 🦊!")
        assert len(watcher.chunks) == 3


async def test_words_follow_the_start_of_their_message_and_its_end_settles_it(
    session: Session, speaker: Speaker
) -> None:
    async with Watcher(reading(session)) as watcher:
        await say(speaker, *(f"{number} " for number in range(50)))
        await sync_to_async(speaker.end)()
        await watcher.until(lambda: bool(watcher.texts))
        assert watcher.texts == [speaker.text]
        assert speaker.text.startswith(watcher.spoken)
        types = [event.type for event in watcher.events]
        assert types.index(EventType.MESSAGE_STARTED) < types.index(EventType.MESSAGE_CHUNK)
        assert types[-1] is EventType.MESSAGE_COMPLETED


async def test_a_reader_who_joins_after_the_end_gets_the_message_and_no_words(
    session: Session, speaker: Speaker
) -> None:
    await say(speaker, "all of it")
    await sync_to_async(speaker.end)()
    async with Watcher(reading(session)) as watcher:
        await watcher.until_told("all of it")
        assert not watcher.chunks


async def test_what_valkey_lost_comes_from_the_checkpoint_and_heals_with_the_next_word(
    session: Session, speaker: Speaker, valkey: TestValkey
) -> None:
    await say(speaker, "One ")
    await sync_to_async(speaker.checkpoint)()
    await say(speaker, "two ")
    async with redis.asyncio.Redis.from_url(valkey.url) as client:
        await client.flushall()
    async with Watcher(reading(session)) as watcher:
        await watcher.until(lambda: watcher.spoken == "One ")
        await say(speaker, "three")
        await watcher.until(lambda: watcher.spoken == "One two three")


async def test_the_middle_of_a_text_is_never_taken_for_its_beginning(
    session: Session, speaker: Speaker, valkey: TestValkey
) -> None:
    await say(speaker, "One ", "two ")
    async with redis.asyncio.Redis.from_url(valkey.url) as client:
        await client.flushall()
        # As far as a publisher comes that dies between a piece and the mending of the text before it.
        await client.setrange(text_key(speaker.id), 8, "three ")
    async with Watcher(reading(session)) as watcher:
        await watcher.until_seq(2)
        await atell(session, "after whatever was given at the beginning")
        await watcher.until_seq(3)
        assert not watcher.chunks
        await sync_to_async(speaker.end)()
        await watcher.until_told("One two ")


async def test_valkey_restarted_in_mid_sentence_loses_no_word(
    session: Session, speaker: Speaker, valkey: TestValkey
) -> None:
    async with Watcher(reading(session)) as watcher:
        await say(speaker, "One ")
        await watcher.until(lambda: watcher.spoken == "One ")
        valkey.kill()
        await say(speaker, "two ")
        await sync_to_async(valkey.start)()
        async with redis.asyncio.Redis.from_url(valkey.url) as client:
            await client.flushall()
        rounds = 0
        while "One two 1" not in watcher.spoken:
            # Words go by unheard until both sides are back; then the text is whole at once.
            rounds += 1
            await say(speaker, f"{rounds} ")
            await atell(session, str(rounds))
            await watcher.until_told(str(rounds))
        assert speaker.text.startswith(watcher.spoken)


async def test_no_word_is_given_before_the_start_of_its_message(
    session: Session, valkey: TestValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = Speaker(session)

    async def begins_just_now(session_id: object) -> list[Unsettled]:
        monkeypatch.undo()
        await sync_to_async(speaker.begin)()
        await say(speaker, "Hello")
        return await read_unsettled(session.pk)

    monkeypatch.setattr(subscription, "read_unsettled", begins_just_now)
    async with Watcher(reading(session)) as watcher:
        await watcher.until(lambda: watcher.spoken == "Hello")
        types = [event.type for event in watcher.events]
        assert types == [EventType.SESSION_STARTED, EventType.MESSAGE_STARTED, EventType.MESSAGE_CHUNK]


async def test_two_messages_spoken_at_once_do_not_mix(session: Session, speaker: Speaker) -> None:
    other = Speaker(session)
    await sync_to_async(other.begin)()
    await say(speaker, "a")
    await say(other, "x")
    async with Watcher(reading(session)) as watcher:
        await say(speaker, "b")
        await say(other, "y")

        def text(of: Speaker) -> str:
            own = [chunk.data for chunk in watcher.chunks if chunk.data["message_id"] == str(of.id)]
            return "".join(data["text"] for data in own)

        await watcher.until(lambda: (text(speaker), text(other)) == ("ab", "xy"))
