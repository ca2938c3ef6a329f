"""Readers that come and go while an agent works."""

import pytest

from agents_app.models import Order
from sessions_app.models import Session
from tests.processes.conftest import Install
from tests.processes.product import Product, assert_complete
from tests.processes.reader import Reader

pytestmark = [pytest.mark.processes, pytest.mark.each_database, pytest.mark.timeout(600)]
RECONNECTS = 50


def test_a_reader_that_reconnects_50_times_sees_every_event_once_and_every_text_whole(
    install: Install, session: Session, order: Order, key: str
) -> None:
    house = install(beat=True)
    with (
        Product(house.urls[0], key) as product,
        Reader(house.urls, session.name, key=key, cuts=RECONNECTS) as restless,
        Reader(house.urls[1:], session.name, key=key) as steady,
    ):
        product.say(session.name, "refund order 1001 0.01")
        asked = steady.wait_for("permission_request")[0]
        product.approve(asked["data"]["request_id"])
        product.say(session.name, "slow 10")
        steady.wait_for("run_completed", count=2)
        restless.wait(lambda reader: reader.cuts_left == 0, what="50 cuts")
        log = product.log(session.name)
        assert_complete(restless, log)
        assert_complete(steady, log)
    assert restless.ends["cut by the reader"] == RECONNECTS
    # Whoever stayed was given every word live, too.
    spoken = [event for event in log if event["run"] and event["type"] in ("message_completed", "reasoning_completed")]
    assert len(steady.opened) == 1
    assert (steady.whole, steady.cut_short) == (len(spoken), 0)
    order.refresh_from_db()
    assert order.refunded_cents == 1
