"""Valkey restarts, hangs, drops its subscribers or is gone for good: a stream gets slower, never wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import redis

from agents_app.models import Order
from sessions_app.models import Session
from tests.patience import PATIENCE_SECONDS
from tests.processes.conftest import Install
from tests.processes.product import Product, assert_complete
from tests.processes.reader import Reader
from tests.servers.chaos_proxy import ChaosProxy, Mode
from tests.servers.processes import Processes
from tests.servers.valkey import TestValkey

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
# No heartbeat comes to a stream's help.
NEVER = "3600"
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
    """Of both web processes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with client_of(valkey) as client:
        while len(client.client_list(_type="pubsub")) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
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
    house = install(workers=1, beat=True)
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
        second.wait_for("run_completed")
        mishap.end(valkey)
        asked = first.wait_for("permission_request")[0]
        product.approve(asked["data"]["request_id"])
        first.wait_for("run_completed", count=2)
        log = product.log(session.name)
        for reader in (first, second, restless):
            assert_complete(reader, log)
        assert (len(first.opened), len(second.opened)) == (1, 1)
    order.refresh_from_db()
    assert order.refunded_cents == 1


def test_with_valkey_gone_for_good_an_event_still_reaches_readers_of_other_processes(
    install: Install, session: Session, key: str, valkey: TestValkey
) -> None:
    house = install(workers=0, STREAM_HEARTBEAT_SECONDS=NEVER)
    with Product(house.urls[0], key) as product, Reader(house.urls[1:], session.name, key=key) as old:
        product.say(session.name, "before")
        old.wait_for("message_completed")
        valkey.kill()
        with Reader(house.urls[1:], session.name, key=key) as new:
            new.wait(lambda reader: bool(reader.opened), what="connection")
            for number in range(5):
                product.say(session.name, f"without {number}")
            log = product.log(session.name)
            for reader in (old, new):
                reader.wait_for_seq(len(log))
            assert product.get("/status")["bus"] == "log"


def test_what_a_publisher_could_not_publish_is_made_good_when_it_reaches_valkey_again(
    processes: Processes, session: Session, key: str, valkey: TestValkey
) -> None:
    near = processes.web(ready=False, STREAM_HEARTBEAT_SECONDS=NEVER)
    with ChaosProxy("127.0.0.1", valkey.port) as proxy:
        far = processes.web(REDIS_URL=valkey.url.replace(str(valkey.port), str(proxy.port)))
        near.wait_until_ready(processes.READY_PATH)
        with Product(far.url, key) as product, Reader([near.url], session.name, key=key) as reader:
            product.say(session.name, "before")
            reader.wait_for("message_completed")
            proxy.set_mode(Mode.REFUSE)
            product.say(session.name, "unheard")
            proxy.set_mode(Mode.PASS)
            # The reader's own bus was never away, so that only the next heartbeat would tell it.
            reader.wait_for("message_completed", count=2)
    assert len(reader.opened) == 1
