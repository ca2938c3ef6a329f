"""A worker holds a run under a lease; one that falls silent loses it and can write nothing more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from agents_app.models import Conversation, Run, ToolCall
from agents_app.runner import advance
from agents_app.services.claims import Hold, checkpoint_run, keep_run, stop_run
from agents_app.services.endings import complete_run, fail_run
from agents_app.services.ledger import claim_call, finish_call, propose_call
from agents_app.services.permissions import park_run
from agents_app.services.runs import cancel_run
from agents_app.services.speaking import begin_speech, keep_speech, settle_speech
from agents_app.services.sweeping import sweep_all
from agents_app.tools.lookup_order import LOOKUP_ORDER
from sessions_app.actors import SYSTEM
from sessions_app.events.types import EventType
from sessions_app.exceptions import Superseded
from sessions_app.models import Draft, Session
from tests.agents.line import enqueued
from tests.agents.races import race
from tests.agents.scripted import DONE, delta, settled, steps
from tests.agents.work import asked, carry_on, claimed, data, ends, fresh, types
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(session: Session) -> Run:
    """A run as the worker that claimed it knows it."""
    return claimed(asked(session, "hello"))


def silent(run: Run) -> None:
    """A whole lease has passed, and a sweep comes by."""
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep_all(timezone.now())


def test_a_claim_gives_a_lease_and_keeping_extends_it(held: Run, settings: Settings) -> None:
    first = held.lease_until
    assert first is not None and first > timezone.now()
    assert keep_run(held) is Hold.KEPT
    extended = fresh(held).lease_until
    assert extended is not None and extended > first


def test_a_run_under_its_lease_is_left_alone_by_the_sweep(session: Session, held: Run) -> None:
    sweep_all(timezone.now())
    assert fresh(held).status == Run.Status.RUNNING and "run_stalled" not in types(session)


def test_a_run_whose_worker_fell_silent_is_told_as_stalled_and_enqueued(
    valkey: TestValkey, session: Session, held: Run
) -> None:
    enqueued()
    silent(held)
    assert data(session, EventType.RUN_STALLED) == [{"attempt": 1}]
    assert (fresh(held).status, fresh(held).lease_until) == (Run.Status.RESUMING, None)
    assert enqueued() == [held.pk]


def test_two_sweeps_at_once_requeue_a_silent_workers_run_once(valkey: TestValkey, session: Session, held: Run) -> None:
    Run.objects.filter(pk=held.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    enqueued()
    assert race(*[lambda: sweep_all(timezone.now())] * 2) == [None, None]
    assert len(data(session, EventType.RUN_STALLED)) == 1 and fresh(held).stalls == 1
    assert enqueued() == [held.pk]


def test_the_next_worker_finishes_what_the_silent_one_began(session: Session, held: Run) -> None:
    silent(held)
    done = carry_on(held)
    assert (done.status, done.attempt) == (Run.Status.COMPLETED, 2) and ends(done) == ["run_completed"]


def test_nothing_a_worker_writes_after_it_lost_its_run_is_kept(session: Session, held: Run) -> None:
    message_id, _ = begin_speech(held, Draft.Kind.MESSAGE)
    propose_call(held, LOOKUP_ORDER, "c", {})
    silent(held)
    for again in (False, True):  # whether or not the next worker has begun
        if again:
            claimed(held)
        seen = types(session)
        for write in (
            lambda: begin_speech(held, Draft.Kind.MESSAGE),
            lambda: keep_speech(held, message_id, "half"),
            lambda: settle_speech(held, Draft.Kind.MESSAGE, message_id, "whole"),
            lambda: checkpoint_run(held, "a stale conversation"),
            lambda: propose_call(held, LOOKUP_ORDER, "d", {}),
            lambda: claim_call(held, LOOKUP_ORDER, "c", {}),
            lambda: finish_call(held, "c", result=1),
            lambda: park_run(held, (), conversation="stale", usage={}, reasoning=""),
            lambda: complete_run(held, usage={}),
            lambda: fail_run(held, code="x", detail="x"),
            lambda: stop_run(held),
        ):
            with pytest.raises(Superseded):
                write()
        assert keep_run(held) is Hold.LOST
        assert types(session) == seen and not Draft.objects.exists() and not Conversation.objects.exists()
        assert ToolCall.objects.get().status == ToolCall.Status.PROPOSED


def test_a_worker_that_lost_its_run_stops_without_a_word(session: Session, held: Run) -> None:
    silent(held)
    seen = types(session)
    advance(held, steps(delta("too late"), settled("too late"), DONE))
    assert types(session) == seen and fresh(held).status == Run.Status.RESUMING


def test_a_run_whose_workers_all_die_fails_with_worker_lost(session: Session, held: Run, settings: Settings) -> None:
    settings.RUN_MAX_ATTEMPTS = 2
    silent(held)
    silent(claimed(held))
    assert (fresh(held).status, fresh(held).error_code) == (Run.Status.FAILED, "worker_lost")
    assert ends(held) == ["run_failed"] and len(data(session, EventType.RUN_STALLED)) == 2


def test_a_run_that_was_to_stop_when_its_worker_died_is_cancelled_by_the_sweep(session: Session, held: Run) -> None:
    cancel_run(fresh(held), actor=SYSTEM)
    silent(held)
    assert fresh(held).status == Run.Status.CANCELLED and ends(held) == ["run_cancelled"]


def test_a_lease_of_another_run_extends_nothing(held: Run) -> None:
    stranger = fresh(held)
    stranger.pk = uuid4()
    assert keep_run(stranger) is Hold.LOST
    assert fresh(held).lease_until == held.lease_until
