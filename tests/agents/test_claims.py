"""A run is taken up by one worker, and a session has one run at work."""

import pytest
from django.db import IntegrityError, transaction

from agents_app.models import Agent, Run
from agents_app.runner import advance
from agents_app.services.claims import claim_run
from agents_app.tasks import run_agent
from sessions_app.actors import SYSTEM
from sessions_app.events.types import EventType
from sessions_app.models import Session
from sessions_app.services.sessions import open_session
from tests.agents.races import race
from tests.agents.scripted import DONE, steps
from tests.agents.work import asked, claimed, customer_says, data, ends, fresh, said

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_delivered_to_several_workers_at_once_is_claimed_by_one(session: Session) -> None:
    run = asked(session, "hello")
    taken = [result for result in race(*[lambda: claim_run(run.pk)] * 4) if result is not None]
    assert [(type(result), result.attempt) for result in taken] == [(Run, 1)]
    assert data(session, EventType.RUN_STARTED) == [{"agent": "demo", "attempt": 1}]


def test_a_task_delivered_twice_at_once_answers_once(session: Session) -> None:
    run = asked(session, "hello")
    assert race(*[lambda: run_agent(str(run.pk))] * 2) == [None, None]
    assert len(said(session)) == 1 and ends(run) == ["run_completed"]


def test_a_task_delivered_again_after_the_end_does_nothing(session: Session) -> None:
    run = asked(session, "hello")
    run_agent(str(run.pk))
    before = fresh(run)
    session.refresh_from_db()
    run_agent(str(run.pk))
    assert fresh(run).attempt == before.attempt
    assert Session.objects.get().last_seq == session.last_seq


def test_a_task_for_a_run_that_does_not_exist_does_nothing(db: None) -> None:
    run_agent("00000000-0000-4000-8000-000000000000")
    assert not Run.objects.exists()


@pytest.mark.parametrize("status", [Run.Status.RUNNING, Run.Status.WAITING, Run.Status.RESUMING])
def test_the_database_itself_allows_one_active_run_in_a_session(
    session: Session, agent: Agent, status: Run.Status
) -> None:
    Run.objects.create(session=session, agent=agent, prompt="first", status=Run.Status.RUNNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(session=session, agent=agent, prompt="second", status=status)
    Run.objects.create(session=session, agent=agent, prompt="in line", status=Run.Status.QUEUED)


def test_two_runs_of_a_session_claimed_at_once_start_one_after_the_other(session: Session) -> None:
    first, second = asked(session, "hello"), asked(session, "hello")
    results = race(lambda: claim_run(first.pk), lambda: claim_run(second.pk))
    assert sorted(result is not None for result in results) == [False, True]
    assert Run.objects.filter(status=Run.Status.RUNNING).count() == 1
    assert Run.objects.filter(status=Run.Status.QUEUED).count() == 1


def test_messages_at_once_never_start_two_active_runs_and_are_all_answered(session: Session) -> None:
    def say_and_work() -> None:
        run_agent(str(customer_says(Session.objects.select_related("workspace").get(), "hello").run_id))

    assert race(*[say_and_work] * 4) == [None] * 4
    # Who found the session busy left the run in line, as a worker does; its turn comes.
    while run := Run.objects.ready().first():
        run_agent(str(run.pk))
    assert len(said(session)) == 4
    assert set(Run.objects.values_list("status", flat=True)) == {Run.Status.COMPLETED}
    active = 0
    for event in session.events.order_by("seq"):
        active += {"run_started": 1, "run_completed": -1}.get(event.type, 0)
        assert active in (0, 1)


def test_runs_of_two_sessions_are_at_work_together(session: Session) -> None:
    other = open_session(session.workspace, actor=SYSTEM, name="other")
    one, two = claimed(asked(session, "hello")), claimed(asked(other, "hello"))
    assert Run.objects.filter(status=Run.Status.RUNNING).count() == 2
    for run in (one, two):
        advance(run, steps(DONE))
        assert ends(run) == ["run_completed"]
