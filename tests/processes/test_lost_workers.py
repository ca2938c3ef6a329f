"""Workers that are killed: what they had begun is taken up by another, and takes effect once."""

import pytest
from django.utils import timezone

from agents_app.models import Order, Run
from sessions_app.models import Session
from tests.processes.conftest import Install
from tests.processes.product import Product, assert_complete
from tests.processes.reader import Reader
from tests.servers.processes import Processes

pytestmark = [pytest.mark.processes, pytest.mark.each_database, pytest.mark.timeout(600)]
SWEEP = "0.5"
CUTS = 15


def test_a_worker_killed_between_request_and_decision_is_replaced_and_the_refund_happens_once(
    install: Install, processes: Processes, session: Session, order: Order, key: str
) -> None:
    house = install(webs=1, workers=1)
    with (
        Product(house.urls[0], key) as product,
        Reader(house.urls, session.name, key=key) as reader,
        Reader(house.urls, session.name, key=key, cuts=CUTS) as restless,
    ):
        product.say(session.name, "refund order 1001 0.01")
        reader.wait_for("run_waiting")
        asked = reader.seen("permission_request")[0]
        house.workers[0].kill()
        product.approve(asked["data"]["request_id"])
        processes.worker(ready=False)
        reader.wait_for("run_completed")
        log = product.log(session.name)
        assert_complete(reader, log)
        assert_complete(restless, log)
    results = [event["data"] for event in reader.seen("tool_result") if event["data"]["tool_name"] == "refund_order"]
    assert [result["success"] for result in results] == [True]
    order.refresh_from_db()
    assert order.refunded_cents == 1


def test_a_worker_killed_in_mid_sentence_loses_its_run_and_the_next_one_says_it_anew(
    install: Install, processes: Processes, session: Session, key: str
) -> None:
    house = install(webs=1, workers=1, beat=True, RUN_SWEEP_SECONDS=SWEEP)
    with (
        Product(house.urls[0], key) as product,
        Reader(house.urls, session.name, key=key) as reader,
        Reader(house.urls, session.name, key=key, cuts=CUTS) as restless,
    ):
        product.say(session.name, "slow 5")
        begun = reader.wait_for("message_started")[0]
        reader.wait(lambda reader: reader.chunks > 3, what="words")
        house.workers[0].kill()
        # Its lease, which it will not extend any more, is over.
        Run.objects.update(lease_until=timezone.now())
        processes.worker(ready=False, RUN_SWEEP_SECONDS=SWEEP)
        reader.wait_for("run_completed")
        log = product.log(session.name)
        assert_complete(reader, log)
        assert_complete(restless, log)
    assert reader.seen("message_discarded")[0]["data"]["message_id"] == begun["data"]["message_id"]
    assert [event["type"] for event in log if event["run"]] == [
        "run_queued", "run_started", "message_started",
        "message_discarded", "run_stalled",
        "run_resumed", "message_started", "message_completed", "run_completed",
    ]  # fmt: skip
    assert log[-2]["data"]["text"].endswith("done.")
