"""When a person takes a session over, its epoch rises, and what an agent began before can write nothing more."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from agents_app.backends.base import Assignment, Step, ToolDesk
from agents_app.models import Run
from agents_app.runner import advance
from agents_app.services.claims import Hold, claim_run, keep_run
from agents_app.services.endings import complete_run
from agents_app.services.sweeping import sweep_all
from sessions_app.exceptions import Superseded
from sessions_app.models import Draft, Session
from tests.agents.scripted import DONE, Scripted, delta, settled, steps
from tests.agents.work import asked, claimed, ends, fresh, said, types
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def taken_over(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(epoch=F("epoch") + 1, status=Session.Status.STAFFED)


def test_a_run_of_an_older_epoch_can_neither_write_nor_keep_its_lease(session: Session) -> None:
    run = claimed(asked(session, "hello"))
    taken_over(session)
    seen = types(session)
    assert keep_run(run) is Hold.LOST
    with pytest.raises(Superseded):
        complete_run(run, usage={})
    advance(run, steps(delta("too late"), settled("too late"), DONE))
    assert types(session) == seen and not Draft.objects.exists()


def test_a_worker_in_mid_sentence_is_interrupted(session: Session, attentive_workers: None) -> None:
    spoke = threading.Event()

    async def speak_for_ever(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        yield delta("I am")
        spoke.set()
        await asyncio.Event().wait()

    run = claimed(asked(session, "hello"))
    worker = threading.Thread(target=advance, args=(run, Scripted(speak_for_ever)))
    worker.start()
    assert spoke.wait(PATIENCE_SECONDS)
    taken_over(session)
    worker.join(PATIENCE_SECONDS)
    assert not worker.is_alive()
    assert said(session) == [] and ends(run) == []


def test_what_is_left_of_an_interrupted_run_is_cancelled_and_never_taken_up_again(session: Session) -> None:
    run = claimed(asked(session, "hello"))
    taken_over(session)
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep_all(timezone.now())
    assert claim_run(run.pk) is None
    assert fresh(run).status == Run.Status.CANCELLED and ends(run) == ["run_cancelled"]


def test_a_run_in_line_when_the_session_was_taken_over_is_cancelled_when_its_turn_comes(session: Session) -> None:
    run = asked(session, "hello")
    taken_over(session)
    assert claim_run(run.pk) is None
    assert ends(run) == ["run_cancelled"] and fresh(run).attempt == 0


def test_a_run_begun_after_the_takeover_was_handed_back_works(session: Session) -> None:
    taken_over(session)
    Session.objects.filter(pk=session.pk).update(status=Session.Status.ACTIVE)
    session.refresh_from_db()
    run = claimed(asked(session, "hello"))
    advance(run)
    assert ends(run) == ["run_completed"]
