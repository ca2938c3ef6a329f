"""`USE_REDIS_SSE=false`: what other processes record still arrives, by the log alone."""

import pytest

from agents_app.models import Order
from sessions_app.models import Session
from tests.processes.conftest import Install
from tests.processes.product import Product, assert_complete
from tests.processes.reader import Reader

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]


def test_in_memory_mode_a_worker_in_another_process_is_heard_through_the_log(
    install: Install, session: Session, order: Order, key: str
) -> None:
    house = install(workers=1, USE_REDIS_SSE="false")
    with (
        Product(house.urls[0], key) as product,
        Reader(house.urls[:1], session.name, key=key) as near,
        Reader(house.urls[1:], session.name, key=key) as far,
    ):
        product.say(session.name, "slow 3")
        product.say(session.name, "refund order 1001 0.01")
        asked = far.wait_for("permission_request")[0]
        product.approve(asked["data"]["request_id"])
        far.wait_for("run_completed", count=2)
        log = product.log(session.name)
        assert_complete(near, log)
        assert_complete(far, log)
        assert {opened["data"]["bus"] for opened in near.opened + far.opened} == {"memory"}
    order.refresh_from_db()
    assert order.refunded_cents == 1
