"""Valkey restarts, hangs, drops its subscribers or is gone for good: a stream gets slower, never wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
import redis

from agents_app.models import Order
from sessions_app.models import Session
from tests.processes.conftest import Install
from tests.processes.product import Product, assert_complete
from tests.processes.reader import Reader
from tests.servers.chaos_proxy import ChaosProxy, Mode
from tests.servers.processes import Processes
from tests.servers.valkey import TestValkey

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]
# What is promised for an event without the bus, and how long a request may take at most meanwhile.
LATE_SECONDS = 2.0
POST_SECONDS = 4.0
CUTS = 15
Fault = Callable[[TestValkey], None]


def client_of(valkey: TestValkey) -> "redis.Redis":
    return redis.Redis.from_url(valkey.url)


def nothing(valkey: TestValkey) -> None:
    """It mends itself."""


def lose_everything(valkey: TestValkey) -> None:
    with client_of(valkey) as client:
        client.flushall()
    valkey.kill()


def drop_subscribers(valkey: TestValkey) -> None:
    with client_of(valkey) as client:
        assert client.client_kill_filter(_type="pubsub") >= 2


@dataclass(frozen=True)
class Mishap:
    """What begins in mid-sentence and ends when that has been said, so many seconds later."""

    begin: Fault
    end: Fault
    seconds: int


@pytest.mark.parametrize(
    "mishap",
    [
        pytest.param(Mishap(TestValkey.kill, TestValkey.start, 2), id="restarts-with-its-data"),
        pytest.param(Mishap(lose_everything, TestValkey.start, 2), id="restarts-empty"),
        pytest.param(Mishap(TestValkey.freeze, TestValkey.thaw, 9), id="hangs"),
        pytest.param(Mishap(drop_subscribers, nothing, 2), id="drops-its-subscribers"),
    ],
)
def test_every_run_ends_once_and_every_reader_sees_it_all_when_valkey(
    install: Install,
    session: Session,
    order: Order,
    key: str,
    valkey: TestValkey,
    mishap: Mishap,
) -> None:
    house = install(beat=True)
    with (
        Product(house.urls[0], key) as product,
        Reader(house.urls[:1], session.name, key=key) as first,
        Reader(house.urls[1:], session.name, key=key) as second,
        Reader(house.urls, session.name, key=key, cuts=CUTS) as restless,
    ):
        product.say(session.name, f"slow {mishap.seconds}")
        first.wait_for("message_started")
        mishap.begin(valkey)
        product.say(session.name, "refund order 1001 0.01")
        # The worker goes on without Valkey, and so do the readers.
        first.wait_for("run_completed")
        second.wait_for("run_completed", seconds=5)
        mishap.end(valkey)
        asked = first.wait_for("permission_request", seconds=25)[0]
        product.approve(asked["data"]["request_id"])
        first.wait_for("run_completed", count=2, seconds=25)
        log = product.log(session.name)
        for reader in (first, second, restless):
            assert_complete(reader, log)
        assert (len(first.opened), len(second.opened)) == (1, 1)
    order.refresh_from_db()
    assert order.refunded_cents == 1


def test_with_valkey_gone_for_good_an_event_still_reaches_readers_of_other_processes(
    install: Install, session: Session, key: str, valkey: TestValkey
) -> None:
    house = install(workers=0)
    with Product(house.urls[0], key) as product, Reader(house.urls[1:], session.name, key=key) as old:
        product.say(session.name, "before")
        old.wait_for("message_completed")
        valkey.kill()
        with Reader(house.urls[1:], session.name, key=key) as new:
            new.wait(lambda reader: bool(reader.opened), seconds=10, what="connection")
            for number in range(5):
                began = time.monotonic()
                product.say(session.name, f"without {number}")
                assert time.monotonic() - began < POST_SECONDS
            log = product.log(session.name)
            for reader in (old, new):
                reader.wait_for_seq(len(log))
            # Those that were recorded while both were reading.
            said = [late for late, event in zip(lateness(old), old.events, strict=True) if event["seq"] > 4]
            assert max(said + lateness(new)[4:]) < LATE_SECONDS
            assert product.get("/status")["bus"] == "log"


def test_what_a_publisher_could_not_publish_is_made_good_when_it_reaches_valkey_again(
    processes: Processes, session: Session, key: str, valkey: TestValkey
) -> None:
    near = processes.web(ready=False)
    with ChaosProxy("127.0.0.1", valkey.port) as proxy:
        far = processes.web(REDIS_URL=valkey.url.replace(str(valkey.port), str(proxy.port)))
        near.wait_until_ready(processes.READY_PATH)
        with Product(far.url, key) as product, Reader([near.url], session.name, key=key) as reader:
            product.say(session.name, "before")
            reader.wait_for("message_completed")
            proxy.set_mode(Mode.REFUSE)
            product.say(session.name, "unheard")
            proxy.set_mode(Mode.PASS)
            # The reader's own bus was never away, so that only the next heartbeat would tell it: in half a minute.
            reader.wait_for("message_completed", count=2, seconds=10)
    assert len(reader.opened) == 1


def lateness(reader: Reader) -> list[float]:
    moments = zip(reader.received_at, reader.events, strict=True)
    return [at - datetime.fromisoformat(event["timestamp"]).timestamp() for at, event in moments]
