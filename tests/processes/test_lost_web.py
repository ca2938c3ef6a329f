"""Web processes that are killed or asked to stop: their readers go on at another."""

import signal

import pytest

from sessions_app.models import Session
from tests.processes.conftest import Install
from tests.processes.product import Product, assert_complete
from tests.processes.reader import Reader

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]


def test_a_web_process_killed_in_mid_sentence_costs_its_readers_nothing(
    install: Install, session: Session, key: str
) -> None:
    house = install(workers=1)
    with (
        Product(house.urls[1], key) as product,
        Reader(house.urls, session.name, key=key) as moved,
        Reader(house.urls[1:], session.name, key=key) as stayed,
    ):
        product.say(session.name, "slow 2")
        moved.wait(lambda reader: reader.chunks > 3, what="words")
        house.webs[0].kill()
        moved.wait_for("run_completed")
        moved.wait(lambda reader: len(reader.opened) >= 2, what="second connection")
        log = product.log(session.name)
        assert_complete(moved, log)
        assert_complete(stayed, log)
    assert len(moved.opened) >= 2 and len(stayed.opened) == 1
    assert moved.opened[1]["data"]["resumed_from"] > 0


def test_a_web_process_that_is_to_stop_ends_its_streams_with_a_hint_and_exits_with_0(
    install: Install, session: Session, key: str
) -> None:
    house = install(workers=1)
    with Product(house.urls[1], key) as product, Reader(house.urls, session.name, key=key) as reader:
        product.say(session.name, "slow 2")
        reader.wait(lambda reader: reader.chunks > 3, what="words")
        hints = len(reader.retries)
        house.webs[0].send(signal.SIGTERM)
        reader.wait_for("run_completed")
        reader.wait(lambda reader: len(reader.opened) >= 2, what="second connection")
        assert house.webs[0].wait() == 0
        assert_complete(reader, product.log(session.name))
        ends = dict(reader.ends)
    # One hint at the old stream's end, one at the new one's beginning, and no error between them.
    assert len(reader.retries) >= hints + 2
    assert ends == {"ended by the server": 1}


def test_a_worker_that_is_to_stop_finishes_its_run_and_exits_with_0(
    install: Install, session: Session, key: str
) -> None:
    house = install(webs=1, workers=1)
    with Product(house.urls[0], key) as product, Reader(house.urls, session.name, key=key) as reader:
        product.say(session.name, "slow 2")
        reader.wait(lambda reader: reader.chunks > 3, what="words")
        assert house.workers[0].stop() == 0
        reader.wait_for("run_completed")
        assert_complete(reader, product.log(session.name))
    assert [event["data"]["attempt"] for event in reader.seen("run_started")] == [1]
    assert not reader.seen("run_stalled")
