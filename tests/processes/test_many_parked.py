"""Ten thousand questions to people cost rows, and nothing else."""

import time
from copy import copy
from uuid import uuid4

import pytest
from django.utils import timezone

from agents_app.models import Conversation, Order, PermissionRequest, Run, ToolCall
from sessions_app.models import Session
from tests.processes.conftest import Install
from tests.processes.product import Product
from tests.processes.reader import Reader
from tests.processes.resources import threads

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
PARKED = 10_000


def copies_of(run: Run, count: int) -> None:
    """As many sessions again, each with a run parked as this one is."""
    call, request = run.tool_calls.get(status=ToolCall.Status.WAITING_PERMISSION), run.permission_requests.get()
    text = Conversation.objects.values_list("text", flat=True).get(session=run.session)
    sessions, runs, calls, requests = [], [], [], []
    for number in range(count):
        sessions.append(copy(run.session))
        sessions[-1].pk, sessions[-1].name = uuid4(), f"parked-{number}"
        runs.append(copy(run))
        runs[-1].pk, runs[-1].session_id = uuid4(), sessions[-1].pk
        calls.append(copy(call))
        calls[-1].pk, calls[-1].run_id = None, runs[-1].pk
        requests.append(copy(request))
        requests[-1].pk, requests[-1].run_id = uuid4(), runs[-1].pk
    Session.objects.bulk_create(sessions, batch_size=500)
    Conversation.objects.bulk_create([Conversation(session_id=each.pk, text=text) for each in sessions], batch_size=500)
    Run.objects.bulk_create(runs, batch_size=500)
    ToolCall.objects.bulk_create(calls, batch_size=500)
    rows = dict(ToolCall.objects.values_list("run_id", "pk").filter(tool_call_id=call.tool_call_id))
    for each in requests:
        each.tool_call_id = rows[each.run_id]
    PermissionRequest.objects.bulk_create(requests, batch_size=500)


def test_ten_thousand_parked_runs_hold_no_thread_and_no_lease_and_one_goes_on_when_it_is_answered(
    install: Install, session: Session, order: Order, key: str
) -> None:
    house = install(webs=1, workers=1, beat=True)
    with Product(house.urls[0], key) as product, Reader(house.urls, session.name, key=key) as reader:
        product.say(session.name, "refund order 1001 0.01")
        reader.wait_for("run_waiting")
        asked = reader.seen("permission_request")[0]["data"]["request_id"]
        before = threads(house.workers[0])
        copies_of(Run.objects.select_related("session").get(session=session), PARKED - 1)
        assert Run.objects.filter(status=Run.Status.WAITING, lease_until=None).count() == PARKED
        assert PermissionRequest.objects.pending().filter(expires_at__gt=timezone.now()).count() == PARKED
        began = time.time()
        product.approve(asked)
        reader.wait_for("run_resumed")
        print(f"resumed after {(reader.received_at[-1] - began) * 1000:.0f} ms")  # noqa: T201
        reader.wait_for("run_completed")
        assert threads(house.workers[0]) <= before
    order.refresh_from_db()
    assert order.refunded_cents == 1
    assert Run.objects.filter(status=Run.Status.WAITING).count() == PARKED - 1
