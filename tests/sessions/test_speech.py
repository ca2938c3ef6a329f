"""The words of a message on their way out."""

import pytest
import redis

from sessions_app.events.announce import MAX_CHUNK_CHARACTERS
from sessions_app.events.channels import MAX_PAYLOAD_BYTES, text_key
from sessions_app.events.encoding import to_wire
from sessions_app.models import Session, StoredEvent
from tests.servers.valkey import TestValkey
from tests.sessions.hearing import Hearing
from tests.sessions.makers import Speaker

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_chunk_says_where_in_the_text_it_stands(session: Session, hearing: Hearing) -> None:
    speaker = Speaker(session)
    for words in ("Grüße", " 🦊", " Welt"):
        speaker.say(words)
    offsets = [(event.data["offset"], event.data["text"]) for event in hearing.events(3)]
    assert offsets == [(0, "Grüße"), (5, " 🦊"), (7, " Welt")]
    assert speaker.text == "Grüße 🦊 Welt"


def test_the_text_so_far_is_kept_beside_the_bus_until_the_message_ends(session: Session, valkey: TestValkey) -> None:
    speaker = Speaker(session)
    speaker.begin()
    speaker.say("Grüße")
    speaker.say(" 🦊")
    with redis.Redis.from_url(valkey.url) as client:
        assert client.get(text_key(speaker.id)) == "Grüße 🦊".encode()
        speaker.end()
        assert client.get(text_key(speaker.id)) is None


def test_no_chunk_is_larger_than_the_bus_takes_whatever_is_in_it(session: Session, hearing: Hearing) -> None:
    worst = "\x01" * (MAX_CHUNK_CHARACTERS + 5)  # six bytes each as JSON
    speaker = Speaker(session)
    speaker.say(worst)
    first, second = hearing.events(2)
    assert first.data["text"] + second.data["text"] == worst
    assert second.data["offset"] == MAX_CHUNK_CHARACTERS
    assert len(to_wire(first)) <= MAX_PAYLOAD_BYTES


def test_what_cannot_be_sent_is_replaced(session: Session, hearing: Hearing) -> None:
    speaker = Speaker(session)
    speaker.say("a\x00\ud800b")
    assert hearing.texts(1) == ["a\ufffd\ufffdb"]


def test_no_word_is_stored_in_the_log(session: Session, hearing: Hearing) -> None:
    Speaker(session).say("words")
    hearing.events(1)
    assert StoredEvent.objects.filter(session=session).count() == 1
