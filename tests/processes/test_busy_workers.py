"""What the clock sets in motion waits for no worker."""

import pytest

from agents_app.models import Order
from sessions_app.actors import SYSTEM
from sessions_app.models import Session
from sessions_app.services.sessions import open_session
from tests.processes.conftest import Install
from tests.processes.product import Product
from tests.processes.reader import Reader

pytestmark = pytest.mark.processes


def test_a_question_expires_while_every_thread_of_every_worker_is_busy(
    install: Install, session: Session, order: Order, key: str
) -> None:
    busy = open_session(session.workspace, actor=SYSTEM, name="busy")
    installation = install(
        webs=1,
        workers=1,
        beat=True,
        WORKER_CONCURRENCY="1",
        PERMISSION_TIMEOUT_SECONDS="2",
        RUN_SWEEP_SECONDS="0.5",
    )
    url = installation.urls[0]
    with Product(url, key) as product, Reader([url], session.name, key=key) as reader:
        product.say(session.name, "refund order 1001")
        reader.wait_for("permission_request")
        product.say(busy.name, "slow 30")
        (cleared,) = reader.wait_for("permission_cleared", seconds=15)
        assert cleared["data"]["outcome"] == "expired"
        (occupying,) = product.get("/runs", session=busy.name)["items"]
        assert occupying["status"] == "running"
        product.post(f"/runs/{occupying['id']}/cancel", None)
