"""A tool that blocks its thread costs its run nothing but time."""

import time
from collections.abc import AsyncGenerator
from datetime import datetime

import pytest
from asgiref.sync import sync_to_async

from agents_app import runner
from agents_app.backends.base import Assignment, Finished, Step, ToolDesk
from agents_app.models import Run
from sessions_app.models import Session
from tests.agents.work import answered
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)
EXTENSIONS = 3


class Blocking:
    """A backend whose tool holds the run's database thread until the lease was extended several times meanwhile."""

    def __init__(self) -> None:
        self.leases: set[datetime] = set()

    async def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        await sync_to_async(self._block)(assignment.run_id)
        yield Finished(conversation="", usage={})

    def _block(self, run_id: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while len(self.leases) <= EXTENSIONS and time.monotonic() < until:
            lease_until = Run.objects.get(pk=run_id).lease_until
            assert lease_until is not None
            self.leases.add(lease_until)
            time.sleep(0.01)


def test_the_lease_is_extended_while_a_tool_blocks(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "KEEP_SECONDS", 0.05)
    backend = Blocking()
    run = answered(session, "hello", backend)
    assert len(backend.leases) > EXTENSIONS and run.status == Run.Status.COMPLETED
