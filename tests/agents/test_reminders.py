"""The sweep reminds the queue of runs whose message was lost, and does not nag."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents_app.models import Run
from agents_app.models.run import FIRST_REMINDER
from agents_app.services.permissions import decide
from agents_app.services.sweeping import REMIND_EVERY, sweep_all
from agents_app.tasks import sweep
from sessions_app.actors import SYSTEM
from sessions_app.models import Session
from sessions_app.services.pulse import silence
from tests.agents.line import enqueued
from tests.agents.work import asked, claimed, fresh, request_of
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)
SOON = FIRST_REMINDER + timedelta(seconds=1)


def test_a_run_whose_message_was_lost_is_enqueued_again(valkey: TestValkey, session: Session) -> None:
    run = asked(session, "hello")
    enqueued()
    sweep_all(timezone.now() + SOON)
    assert enqueued() == [run.pk]


def test_a_run_that_has_only_just_been_enqueued_is_not_repeated(valkey: TestValkey, session: Session) -> None:
    now = timezone.now()
    asked(session, "hello")
    enqueued()
    sweep_all(now)
    assert enqueued() == []


def test_a_run_is_reminded_of_again_but_not_at_every_sweep(valkey: TestValkey, session: Session) -> None:
    run = asked(session, "hello")
    now = timezone.now() + SOON
    sweep_all(now)
    enqueued()
    sweep_all(now + REMIND_EVERY - timedelta(seconds=1))
    assert enqueued() == []
    sweep_all(now + REMIND_EVERY)
    assert enqueued() == [run.pk]


def test_an_answered_run_whose_message_was_lost_is_enqueued_again(valkey: TestValkey, parked: Run) -> None:
    decide(request_of(parked), approve=True, actor=SYSTEM)
    enqueued()
    sweep_all(timezone.now() + SOON)
    assert enqueued() == [parked.pk]


def test_a_run_that_is_at_work_or_waits_for_a_person_or_in_line_is_nobodys_to_remind_of(
    valkey: TestValkey, session: Session, parked: Run
) -> None:
    asked(session, "hello")
    enqueued()
    sweep_all(timezone.now() + SOON)
    assert enqueued() == []
    decide(request_of(parked), approve=True, actor=SYSTEM)
    claimed(parked)
    enqueued()
    sweep_all(timezone.now() + SOON)
    assert enqueued() == [] and fresh(parked).status == Run.Status.RUNNING


def test_the_sweep_says_that_beat_is_alive(db: None) -> None:
    assert silence("beat") is None
    sweep()
    heard = silence("beat")
    assert heard is not None and heard < timedelta(minutes=5)
