"""The bus of a single process."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sessions_app.events import memory_bus
from sessions_app.events.channels import Piece
from sessions_app.events.memory_bus import MemoryBus
from tests.patience import PATIENCE_SECONDS

KEY = "sse:text:test"


def piece(at: int, text: str, whole: str, key: str = KEY) -> Piece:
    return Piece(key, at, text.encode(), lambda: whole.encode())


def test_whoever_listens_hears_and_whoever_stopped_does_not() -> None:
    bus, heard, other = MemoryBus(), list[tuple[str, bytes]](), list[tuple[str, bytes]]()

    def first(channel: str, payload: bytes) -> None:
        heard.append((channel, payload))

    def second(channel: str, payload: bytes) -> None:
        other.append((channel, payload))

    bus.listen(first)
    bus.listen(second)
    bus.publish([("a", b"1")])
    bus.unlisten(second)
    bus.publish([("b", b"2")])
    assert heard == [("a", b"1"), ("b", b"2")]
    assert other == [("a", b"1")]


def test_pieces_are_kept_as_one_text() -> None:
    bus = MemoryBus()
    bus.publish([], piece(0, "Grüße", ""))
    bus.publish([], piece(7, ", Welt", ""))
    assert bus.texts([KEY, "unknown"]) == ["Grüße, Welt".encode(), None]


def test_a_text_that_was_lost_is_whole_again_with_the_next_piece() -> None:
    bus = MemoryBus()
    bus.publish([], piece(5, " world", "Hello world"))
    assert bus.texts([KEY]) == [b"Hello world"]


def test_a_piece_that_is_sent_twice_is_kept_once() -> None:
    bus = MemoryBus()
    bus.publish([], piece(0, "Hello", ""))
    for _ in range(2):
        bus.publish([], piece(5, " world", "not asked for"))
    assert bus.texts([KEY]) == [b"Hello world"]


def test_a_text_that_is_forgotten_is_gone() -> None:
    bus = MemoryBus()
    bus.publish([], piece(0, "a", ""))
    bus.forget(KEY)
    bus.forget(KEY)
    assert bus.texts([KEY]) == [None]


def test_a_kept_text_does_not_stay_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_bus, "TEXT_SECONDS", -1)
    bus = MemoryBus()
    bus.publish([], piece(0, "a", ""))
    assert bus.texts([KEY]) == [None]


def test_the_oldest_texts_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_bus, "MAX_TEXTS", 2)
    bus = MemoryBus()
    for key in ("a", "b", "c"):
        bus.publish([], piece(0, key, "", key))
    assert bus.texts(["a", "b", "c"]) == [None, b"b", b"c"]


def test_many_threads_may_publish_and_listen_at_once() -> None:
    bus, ready, heard = MemoryBus(), threading.Barrier(8), list[bytes]()
    bus.listen(lambda channel, payload: heard.append(payload))

    def publish(number: int) -> None:
        ready.wait(PATIENCE_SECONDS)
        for count in range(200):
            bus.publish([("a", b"x")], piece(0, str(count), "", str(number)))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(publish, range(8)))
    assert len(heard) == 1600
    assert bus.texts([str(number) for number in range(8)]) == [b"199"] * 8
