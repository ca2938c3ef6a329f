"""A tool that blocks its thread costs its run nothing but time."""

import time
from collections.abc import AsyncGenerator

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from pytest_django import Settings

from agents_app.backends.base import Assignment, Finished, Step, ToolDesk
from agents_app.models import Run
from sessions_app.models import Session
from tests.agents.work import answered

pytestmark = pytest.mark.django_db(transaction=True)
LEASE_SECONDS = 1.2


class Blocking:
    """A backend whose tool holds the run's database thread until its first lease would be over."""

    def __init__(self) -> None:
        self.overdue = 0

    async def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        self.overdue = await sync_to_async(self._block)()
        yield Finished(conversation="", usage={})

    def _block(self) -> int:
        until = time.monotonic() + 2 * LEASE_SECONDS
        while time.monotonic() < until:
            if Run.objects.overdue(timezone.now()).exists():
                return 1
        return 0


def test_the_lease_is_extended_while_a_tool_blocks(session: Session, settings: Settings) -> None:
    settings.RUN_LEASE_SECONDS = LEASE_SECONDS
    backend = Blocking()
    run = answered(session, "hello", backend)
    assert backend.overdue == 0 and run.status == Run.Status.COMPLETED
