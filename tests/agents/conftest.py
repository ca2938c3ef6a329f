"""What the tests of agent work share."""

from typing import Any

import pytest

from agents_app import runner
from agents_app.backends import demo_model
from agents_app.backends.demo_plan import Pace
from agents_app.models import Order, PermissionRequest, Run
from sessions_app.models import Session
from tests.agents.dying import Unsure
from tests.agents.work import answered, request_of


@pytest.fixture(autouse=True)
def hurried_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo model speaks as it always does, without taking breath."""
    for pace in Pace:
        monkeypatch.setitem(demo_model.SECONDS_BETWEEN_PIECES, pace, 0.0)


@pytest.fixture
def attentive_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers look more often whether they are to stop."""
    monkeypatch.setattr(runner, "KEEP_SECONDS", 0.05)


@pytest.fixture
def parked(transactional_db: Any, session: Session, order: Order) -> Run:
    """The agent wants to refund order 1001 (19.90) and waits for a person."""
    run = answered(session, "refund order 1001")
    assert run.status == Run.Status.WAITING
    return run


@pytest.fixture
def request_to_refund(parked: Run) -> PermissionRequest:
    return request_of(parked)


@pytest.fixture
def unsure(transactional_db: Any, session: Session) -> Unsure:
    """A run that waits for a person to say whether its refund took effect: its worker was killed in it."""
    return Unsure(session)
