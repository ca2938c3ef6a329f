"""Runs that wait behind another one are taken up when it ends, however it ends, oldest first."""

import pytest
from django.db import transaction

from agents_app.backends.base import BackendError
from agents_app.models import Order, Run
from agents_app.services.claims import claim_run
from agents_app.services.runs import cancel_run
from sessions_app.actors import SYSTEM
from sessions_app.models import Session
from tests.agents.line import enqueued
from tests.agents.scripted import DONE, Scripted, steps
from tests.agents.work import asked, carry_on, fresh, said, types
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_message_is_enqueued_at_once(valkey: TestValkey, session: Session) -> None:
    runs = [asked(session, "hello"), asked(session, "hello")]
    assert enqueued() == [run.pk for run in runs]


def test_a_message_that_was_rolled_back_is_not_enqueued(valkey: TestValkey, session: Session) -> None:
    with transaction.atomic():
        asked(session, "hello")
        transaction.set_rollback(True)
    assert enqueued() == [] and types(session) == ["session_started"]


@pytest.mark.parametrize("end", [DONE, BackendError("model_timeout", "Too slow."), RuntimeError()])
def test_the_next_in_line_is_enqueued_when_a_run_completes_or_fails(
    valkey: TestValkey, session: Session, end: object
) -> None:
    first, second, _third = (asked(session, "hello") for _ in range(3))
    enqueued()
    backend: Scripted = steps(end)  # type: ignore[arg-type]
    carry_on(first, backend)
    assert enqueued() == [second.pk]


def test_the_next_in_line_is_enqueued_when_a_parked_run_is_cancelled(
    valkey: TestValkey, session: Session, parked: Run
) -> None:
    behind = asked(session, "hello")
    enqueued()
    cancel_run(parked, actor=SYSTEM)
    assert enqueued() == [behind.pk]
    carry_on(behind)
    assert said(session)[-1].startswith("Hello!")


def test_a_run_that_parks_keeps_the_line_waiting(valkey: TestValkey, session: Session, order: Order) -> None:
    first, second = asked(session, "refund order 1001"), asked(session, "hello")
    enqueued()
    carry_on(first)
    assert enqueued() == [] and claim_run(second.pk) is None


def test_a_run_in_line_that_was_tried_too_early_is_still_in_line(session: Session, parked: Run) -> None:
    behind = asked(session, "hello")
    seen = types(session)
    assert claim_run(behind.pk) is None
    assert (fresh(behind).status, fresh(behind).attempt) == (Run.Status.QUEUED, 0)
    assert types(session) == seen


def test_a_queue_that_is_away_refuses_no_message(valkey: TestValkey, session: Session) -> None:
    valkey.kill()
    run = asked(session, "hello")
    assert run.status == Run.Status.QUEUED and types(session)[-1] == "run_queued"


def test_whoever_spoke_first_is_answered_first_even_when_their_message_to_the_queue_was_lost(
    valkey: TestValkey, session: Session
) -> None:
    first, second = asked(session, "hello"), asked(session, "hello")
    enqueued()
    assert claim_run(second.pk) is None
    assert enqueued() == [first.pk]
    carry_on(first, steps(DONE))
    assert enqueued() == [second.pk] and claim_run(second.pk) is not None
