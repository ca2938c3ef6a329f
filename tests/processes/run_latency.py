"""How soon a cancelled run stops and an approved one goes on: `python -m pytest tests/processes/run_latency.py -s`.

From the request to the event in a reader's hands, through real processes. Prints figures and asserts nothing of them.
"""

import statistics
import time

import pytest

from agents_app.models import Order
from sessions_app.actors import SYSTEM
from sessions_app.models import Session
from sessions_app.services.sessions import open_session
from tests.processes.conftest import Install
from tests.processes.product import Product
from tests.processes.reader import Reader

ROUNDS = 30
pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def told(what: str, seconds: list[float]) -> None:
    milliseconds = sorted(1000 * each for each in seconds)
    p99 = milliseconds[min(len(milliseconds) - 1, int(0.99 * len(milliseconds)))]
    print(f"\n{what}: median {statistics.median(milliseconds):.0f} ms, p99 {p99:.0f} ms, n {len(milliseconds)}")  # noqa: T201


def test_print_how_soon_runs_stop_and_go_on(install: Install, session: Session, order: Order, key: str) -> None:
    house = install(webs=1, workers=1)
    cancels, resumes = [], []
    for number in range(ROUNDS):
        name = open_session(session.workspace, actor=SYSTEM, name=f"round-{number}").name
        with Product(house.urls[0], key) as product, Reader(house.urls, name, key=key) as reader:
            run_id = product.say(name, "slow 60")["run_id"]
            reader.wait(lambda each: each.chunks > 3, seconds=20, what="words")
            began = time.time()
            product.post(f"/runs/{run_id}/cancel", None)
            reader.wait_for("run_cancelled")
            cancels.append(reader.received_at[-1] - began)
            product.say(name, "refund order 1001 0.01")
            reader.wait_for("run_waiting")
            request_id = reader.seen("permission_request")[0]["data"]["request_id"]
            began = time.time()
            product.approve(request_id)
            reader.wait_for("run_resumed")
            at = [event["type"] for event in reader.events].index("run_resumed")
            resumes.append(reader.received_at[at] - began)
            reader.wait_for("run_completed")
    told("cancel to run_cancelled", cancels)
    told("approve to run_resumed", resumes)
