"""What the clock sets in motion waits for no worker."""

import pytest
from django.utils import timezone

from agents_app.models import Order, PermissionRequest
from sessions_app.actors import SYSTEM
from sessions_app.models import Session
from sessions_app.services.sessions import open_session
from tests.processes.conftest import Install
from tests.processes.product import Product
from tests.processes.reader import Reader

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]


def test_a_question_expires_while_every_thread_of_every_worker_is_busy(
    install: Install, session: Session, order: Order, key: str
) -> None:
    busy = open_session(session.workspace, actor=SYSTEM, name="busy")
    installation = install(
        webs=1,
        workers=1,
        beat=True,
        WORKER_CONCURRENCY="1",
        RUN_SWEEP_SECONDS="0.5",
    )
    url = installation.urls[0]
    with Product(url, key) as product, Reader([url], session.name, key=key) as reader:
        product.say(session.name, "refund order 1001")
        reader.wait_for("permission_request")
        with Reader([url], busy.name, key=key) as other:
            product.say(busy.name, "slow 600")
            other.wait_for("message_started")
        PermissionRequest.objects.update(expires_at=timezone.now())
        (cleared,) = reader.wait_for("permission_cleared")
        assert cleared["data"]["outcome"] == "expired"
        (occupying,) = product.get("/runs", session=busy.name)["items"]
        assert occupying["status"] == "running"
        product.post(f"/runs/{occupying['id']}/cancel", None)
