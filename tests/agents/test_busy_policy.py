"""What becomes of a message while the agent is at work is the session's to say."""

import pytest

from agents_app.models import Agent, Order, PermissionRequest, Run
from agents_app.services.claims import claim_run
from sessions_app.actors import SYSTEM
from sessions_app.events.types import EventType
from sessions_app.exceptions import SessionBusy
from sessions_app.models import Session, Workspace
from sessions_app.services.messages import Role, Said, say
from sessions_app.services.sessions import open_session
from tests.agents.races import race
from tests.agents.talking import Talking
from tests.agents.work import CARLA, answered, asked, carry_on, claimed, customer_says, data, ends, fresh, said, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)
Policy = Session.BusyPolicy


def with_policy(session: Session, policy: str) -> Session:
    Session.objects.filter(pk=session.pk).update(busy_policy=policy)
    session.refresh_from_db()
    return session


@pytest.fixture
def rejecting(session: Session) -> Session:
    return with_policy(session, Policy.REJECT)


@pytest.fixture
def interrupting(session: Session) -> Session:
    return with_policy(session, Policy.INTERRUPT)


def test_a_session_queues_unless_it_is_opened_otherwise(api: KeyClient, session: Session) -> None:
    assert told(api.get("/sessions/talk"))["busy_policy"] == "queue"
    assert told(api.post("/sessions", {"busy_policy": "steer"}))["busy_policy"] == "steer"
    refused = api.post("/sessions", {"busy_policy": "panic"})
    assert (refused.status_code, told(refused)["code"]) == (422, "unprocessable")


def test_a_busy_session_that_queues_answers_when_its_turn_comes(session: Session) -> None:
    first = claimed(asked(session, "hello"))
    second = asked(session, "hello")
    assert fresh(second).status == Run.Status.QUEUED and claim_run(second.pk) is None
    assert fresh(first).cancel_requested_at is None


@pytest.mark.parametrize("work", ["queued", "running", "parked"])
def test_a_busy_session_that_rejects_answers_409_and_keeps_nothing(
    rejecting: Session, api: KeyClient, order: Order, work: str
) -> None:
    run = asked(rejecting, "refund order 1001")
    if work == "running":
        claimed(run)
    if work == "parked":
        carry_on(run)
    rejecting.refresh_from_db()
    refused = api.post("/sessions/talk/messages", {"text": "hello"}, idempotency_key="k")
    assert (refused.status_code, told(refused)["code"]) == (409, "session_busy")
    assert Run.objects.count() == 1 and Session.objects.get().last_seq == rejecting.last_seq


def test_a_message_that_was_rejected_can_be_sent_again_with_the_same_key(rejecting: Session) -> None:
    def send() -> Said:
        return say(rejecting, "hello", actor=CARLA, role=Role.CUSTOMER, idempotency_key="k")

    run = asked(rejecting, "hello")
    with pytest.raises(SessionBusy):
        send()
    carry_on(run)
    assert send().run_id not in (None, str(run.pk))


def test_a_message_that_interrupts_stops_the_run_at_work_and_is_answered_next(
    interrupting: Session, attentive_workers: None
) -> None:
    run = asked(interrupting, "slow 5")
    worker = Talking(run)
    following = asked(interrupting, "hello")
    worker.end()
    assert ends(run) == ["run_cancelled"] and data(interrupting, EventType.RUN_CANCELLED) == [{"by": "customer"}]
    assert carry_on(following).status == Run.Status.COMPLETED
    assert len(said(interrupting)) == 1


def test_a_message_that_interrupts_cancels_what_is_parked_or_in_line_at_once(
    interrupting: Session, order: Order
) -> None:
    parked = answered(interrupting, "refund order 1001")
    following = asked(interrupting, "hello")
    assert ends(parked) == ["run_cancelled"] and PermissionRequest.objects.get().status == "cancelled"
    last = asked(interrupting, "hello")
    assert ends(following) == ["run_cancelled"] and carry_on(last).status == Run.Status.COMPLETED


@pytest.mark.parametrize("policy", Policy)
def test_a_question_takes_the_answer_first_whatever_the_policy(session: Session, policy: str) -> None:
    asking = answered(with_policy(session, policy), "ask me")
    assert customer_says(session, "red").run_id == str(asking.pk)
    carry_on(asking)
    assert said(session)[-1] == "You answered: red" and ends(asking) == ["run_completed"]


@pytest.mark.parametrize("policy", Policy)
def test_two_messages_at_once_never_start_two_active_runs(workspace: Workspace, agent: Agent, policy: str) -> None:
    session = open_session(workspace, actor=SYSTEM, busy_policy=policy)
    results = race(*[lambda: customer_says(Session.objects.get(pk=session.pk), "hello")] * 2)
    accepted = [result for result in results if isinstance(result, Said)]
    assert len(accepted) == (1 if policy == Policy.REJECT else 2)
    assert all(isinstance(result, SessionBusy) for result in results if not isinstance(result, Said))
    runs = list(Run.objects.order_by("created_at"))
    race(*[lambda run=run: claim_run(run.pk) for run in runs])
    assert Run.objects.filter(status=Run.Status.RUNNING).count() == 1
    assert len(data(session, EventType.MESSAGE_COMPLETED)) == len(runs) == len(accepted)


@pytest.mark.parametrize("policy", Policy)
def test_a_message_and_a_claim_at_once_leave_one_run_active_and_no_message_unanswered(
    session: Session, policy: str, attentive_workers: None
) -> None:
    with_policy(session, policy)
    run = asked(session, "hello")
    spoken, taken = race(lambda: customer_says(session, "hello"), lambda: claim_run(run.pk))
    assert Run.objects.filter(status__in=Run.ACTIVE).count() <= 1
    assert taken is None or taken.status == Run.Status.RUNNING
    if isinstance(spoken, SessionBusy):
        assert policy == Policy.REJECT and Run.objects.count() == 1
        return
    heard_by = Run.objects.get(pk=spoken.run_id)
    steered = policy == Policy.STEER and taken is not None and heard_by == run
    assert steered is run.steerings.exists()
    assert heard_by.status == (Run.Status.RUNNING if steered else Run.Status.QUEUED)
