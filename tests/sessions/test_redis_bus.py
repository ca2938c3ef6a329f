"""The publishing side against a real Valkey: it never raises, and never waits twice."""

import threading
import time
from typing import Any, cast

import pytest
import redis

from sessions_app.events.channels import TEXT_SECONDS, Piece
from sessions_app.events.redis_bus import TIMEOUT_SECONDS, RedisBus
from tests.patience import PATIENCE_SECONDS
from tests.servers.valkey import TestValkey

KEY = "sse:text:test"


def piece(at: int, text: str, whole: str) -> Piece:
    return Piece(KEY, at, text.encode(), lambda: whole.encode())


def kept(valkey: TestValkey) -> bytes | None:
    with redis.Redis.from_url(valkey.url) as client:
        return cast(bytes | None, client.get(KEY))


def test_pieces_are_kept_as_one_text(valkey: TestValkey, redis_bus: RedisBus) -> None:
    redis_bus.publish([], piece(0, "Grüße", "Grüße"))
    redis_bus.publish([], piece(7, ", Welt", "Grüße, Welt"))
    assert kept(valkey) == "Grüße, Welt".encode()


def test_the_first_piece_replaces_whatever_an_earlier_attempt_left(valkey: TestValkey, redis_bus: RedisBus) -> None:
    redis_bus.publish([], piece(0, "an older and longer text", ""))
    redis_bus.publish([], piece(0, "new", "new"))
    assert kept(valkey) == b"new"


def test_a_kept_text_does_not_stay_for_ever(valkey: TestValkey, redis_bus: RedisBus) -> None:
    redis_bus.publish([], piece(0, "a", "a"))
    redis_bus.publish([], piece(1, "b", "ab"))
    with redis.Redis.from_url(valkey.url) as client:
        assert 0 < int(client.ttl(KEY)) <= TEXT_SECONDS


def test_a_text_that_valkey_lost_is_whole_again_with_the_next_piece(valkey: TestValkey, redis_bus: RedisBus) -> None:
    redis_bus.publish([], piece(0, "Hello", "Hello"))
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    redis_bus.publish([], piece(5, " world", "Hello world"))
    assert kept(valkey) == b"Hello world"


def test_until_it_is_whole_again_nobody_can_take_the_rest_for_the_beginning(
    valkey: TestValkey, redis_bus: RedisBus
) -> None:
    seen = []

    def whole() -> bytes:
        seen.append(kept(valkey))
        return b"Hello world"

    redis_bus.publish([], Piece(KEY, 5, b" world", whole))
    assert seen == [b"\x00\x00\x00\x00\x00 world"]


def test_a_piece_that_is_sent_twice_is_kept_once(valkey: TestValkey, redis_bus: RedisBus) -> None:
    redis_bus.publish([], piece(0, "Hello", "Hello"))
    for _ in range(2):
        redis_bus.publish([], piece(5, " world", "not asked for"))
    assert kept(valkey) == b"Hello world"


def test_a_text_that_is_forgotten_is_gone(valkey: TestValkey, redis_bus: RedisBus) -> None:
    redis_bus.publish([], piece(0, "a", "a"))
    redis_bus.forget(KEY)
    assert kept(valkey) is None


def test_a_frozen_valkey_costs_one_caller_one_short_wait_and_the_others_nothing(
    valkey: TestValkey, redis_bus: RedisBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float | None] = []
    send: Any = redis.Connection.send_packed_command

    def waiting(connection: redis.Connection, *arguments: Any, **options: Any) -> None:
        if threading.current_thread() is threading.main_thread():  # not the one that asks whether it is back
            waits.append(connection.socket_timeout)
        send(connection, *arguments, **options)

    redis_bus.publish([("sse:x", b"warm")])
    valkey.freeze()
    monkeypatch.setattr(redis.Connection, "send_packed_command", waiting)
    redis_bus.publish([("sse:x", b"one")], piece(0, "a", "a"))
    assert waits == [TIMEOUT_SECONDS]
    for _ in range(50):
        redis_bus.publish([("sse:x", b"more")])
    redis_bus.forget(KEY)
    assert waits == [TIMEOUT_SECONDS]
    assert redis_bus.skipped == 52


def test_after_the_pause_a_valkey_that_is_back_is_used_again(valkey: TestValkey, redis_bus: RedisBus) -> None:
    valkey.kill()
    redis_bus.publish([("sse:x", b"lost")])
    assert redis_bus.skipped == 1
    valkey.start()
    until = time.monotonic() + PATIENCE_SECONDS
    while kept(valkey) is None and time.monotonic() < until:
        redis_bus.publish([], piece(0, "back", "back"))
    assert kept(valkey) == b"back"


def test_a_connection_that_was_closed_while_idle_loses_nothing(valkey: TestValkey, redis_bus: RedisBus) -> None:
    redis_bus.publish([], piece(0, "a", "a"))
    with redis.Redis.from_url(valkey.url) as client:
        client.client_kill_filter(_type="normal", skipme=True)
    redis_bus.publish([], piece(1, "b", "ab"))
    assert kept(valkey) == b"ab"
    assert redis_bus.skipped == 0


def test_the_warning_names_no_address(
    valkey: TestValkey, redis_bus: RedisBus, caplog: pytest.LogCaptureFixture
) -> None:
    valkey.kill()
    redis_bus.publish([("sse:x", b"lost")])
    assert "away" in caplog.text
    assert str(valkey.port) not in caplog.text
