"""A worker keeps the lease of its run for as long as it works, whatever else is slow or fails."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import pytest
from django.db import OperationalError

from agents_app import runner
from agents_app.backends.base import Assignment, Step, ToolDesk
from agents_app.models import Run
from agents_app.services.claims import Hold, keep_run
from sessions_app.models import Session
from tests.agents.scripted import DONE, Scripted
from tests.agents.work import answered, ends
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("attentive_workers")]


def working_until(done: Callable[[Run, Run], bool]) -> Scripted:
    """Works until the run's row, compared with what it was at first, satisfies `done`."""

    async def script(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        first = await Run.objects.aget()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not done(first, await Run.objects.aget()):
                await asyncio.sleep(0.01)
        yield DONE

    return Scripted(script)


def extended(first: Run, now: Run) -> bool:
    return first.lease_until is not None and now.lease_until is not None and first.lease_until < now.lease_until


def test_the_lease_is_extended_while_the_backend_works(session: Session) -> None:
    run = answered(session, "hello", working_until(extended))
    assert ends(run) == ["run_completed"] and run.attempt == 1


def test_a_database_that_fails_for_a_moment_does_not_end_the_keeping(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def fail_once(run: Run) -> Hold:
        looks.append("look")
        if len(looks) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return keep_run(run)

    monkeypatch.setattr(runner, "keep_run", fail_once)
    run = answered(session, "hello", working_until(extended))
    assert ends(run) == ["run_completed"] and len(looks) > 1
