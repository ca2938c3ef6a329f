"""Workers that are killed at work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents_app.backends.base import Backend
from agents_app.models import PermissionRequest, Run, ToolCall
from agents_app.runner import advance
from agents_app.services.sweeping import sweep_all
from agents_app.tools.base import Tool
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.models import Session
from tests.agents.scripted import Killed, calling
from tests.agents.work import asked, carry_on, claimed, fresh, request_of


def die(run: Run, backend: Backend, *, sweep: bool = True) -> None:
    """A worker takes the run up and is killed; a lease later the sweep notices."""
    with pytest.raises(Killed):
        advance(claimed(run), backend)
    assert fresh(run).status == Run.Status.RUNNING
    if not sweep:
        return
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep_all(timezone.now())


class Tried:
    """The code of a tool whose worker is killed the first time."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> str:
        self.times += 1
        if self.times == 1:
            raise Killed
        return "It worked."


def killed_in(tool: Tool, run: Run, tried: Tried | None = None, *, sweep: bool = True) -> tuple[Backend, Tried]:
    """The run as it is after its worker died in the tool, and the backend that calls it."""
    tried = tried or Tried()
    backend = calling(tool, {"order_number": 1001}, tried)
    die(run, backend, sweep=sweep)
    assert ToolCall.objects.get(run=run).status == ToolCall.Status.EXECUTING
    return backend, tried


class Unsure:
    """A run whose worker was killed in a refund, as it stands after the next worker took it up."""

    def __init__(self, session: Session) -> None:
        run = asked(session, "refund")
        self.backend: Backend
        self.tried: Tried
        self.backend, self.tried = killed_in(REFUND_ORDER, run)
        self.run = carry_on(run, self.backend)

    @property
    def request(self) -> PermissionRequest:
        return request_of(self.run)

    @property
    def call(self) -> ToolCall:
        return ToolCall.objects.get(run=self.run)
