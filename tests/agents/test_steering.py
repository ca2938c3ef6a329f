"""Words that reach a run while it works: each is heard once, whatever happens to the worker."""

from collections.abc import AsyncGenerator, Callable

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from agents_app.backends.base import Assignment, Checkpoint, Step, ToolDesk
from agents_app.backends.llm import LlmBackend
from agents_app.exceptions import RunEnded
from agents_app.models import Order, Run, Steering
from agents_app.services.runs import cancel_run
from agents_app.services.steering import steer_run
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.types import EventType
from sessions_app.models import ApiKey, AuditEntry, Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.sessions import close_session
from tests.agents.dying import die
from tests.agents.line import enqueued
from tests.agents.scripted import DONE, DiesAt, Killed, park, steps
from tests.agents.work import answered, asked, carry_on, claimed, customer_says, data, ends, fresh, log, said, told
from tests.builders import KeyClient
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def steered(session: Session) -> Session:
    Session.objects.filter(pk=session.pk).update(busy_policy=Session.BusyPolicy.STEER)
    session.refresh_from_db()
    return session


class Hears:
    """Speaks up as the customer, asks what was said, and keeps it, as often as it is told to."""

    def __init__(self, session: Session, *acts: str) -> None:
        self._session = session
        self._acts = list(acts)
        self.heard: list[list[str]] = []

    async def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        while self._acts:
            match self._acts.pop(0):
                case "hear":
                    self.heard.append(await desk.heard())
                case "keep":
                    yield Checkpoint("a conversation")
                case "die":
                    raise Killed
                case "park":
                    yield await park(desk, (REFUND_ORDER, "c", {}))
                    return
                case words:
                    await sync_to_async(customer_says)(self._session, words)
        yield DONE


def test_words_for_a_run_at_work_are_heard_by_it_once_and_start_no_other(session: Session) -> None:
    backend = Hears(session, "hear", "one", "two", "hear", "hear", "keep")
    run = answered(session, "hello", backend)
    assert backend.heard == [[], ["one", "two"], []]
    assert Run.objects.get() == run and ends(run) == ["run_completed"]
    assert said(session, "customer") == ["hello", "one", "two"]


def test_the_message_names_the_run_that_hears_it(session: Session) -> None:
    run = claimed(asked(session, "hello"))
    assert customer_says(session, "faster").run_id == str(run.pk)


def test_what_a_dead_worker_had_heard_and_not_kept_is_heard_again(session: Session) -> None:
    run = asked(session, "hello")
    backend = Hears(session, "kept", "hear", "keep", "lost", "hear", "die", "hear", "hear", "keep")
    die(run, backend)
    carry_on(run, backend)
    assert backend.heard == [["kept"], ["lost"], ["lost"], []]


@pytest.mark.parametrize("acts", [("one", "two"), ("one", "two", "die")])
def test_what_a_run_never_took_up_is_answered_by_a_new_run_when_it_ends(
    valkey: TestValkey, session: Session, acts: tuple[str, ...]
) -> None:
    run = asked(session, "hello")
    backend = Hears(session, *acts)
    if "die" in acts:
        die(run, backend)
        cancel_run(fresh(run), actor=SYSTEM)
    else:
        carry_on(run, backend)
    (following,) = Run.objects.exclude(pk=run.pk)
    assert (following.status, following.prompt) == (Run.Status.QUEUED, "one\n\ntwo")
    assert enqueued()[-1] == following.pk and not Steering.objects.unheard().exists()
    assert carry_on(following, steps(DONE)).status == Run.Status.COMPLETED


def test_what_was_kept_before_a_run_parked_is_not_heard_again(session: Session) -> None:
    backend = Hears(session, "one", "hear", "park")
    run = answered(session, "hello", backend)
    assert run.status == Run.Status.WAITING and not Steering.objects.unheard().exists()


@pytest.mark.parametrize("work", ["queued", "parked"])
def test_words_for_a_run_that_is_not_at_work_wait_in_line(session: Session, order: Order, work: str) -> None:
    run = asked(session, "refund order 1001")
    if work == "parked":
        carry_on(run)
    following = asked(session, "hello")
    assert following.pk != run.pk and following.status == Run.Status.QUEUED and not Steering.objects.exists()


def test_closing_the_session_answers_nothing_more(session: Session) -> None:
    run = asked(session, "hello")
    die(run, Hears(session, "one", "die"))
    close_session(session, actor=SYSTEM)
    assert Run.objects.get() == run and ends(run) == ["run_cancelled"]


def on_first(kind: type[Step], act: Callable[[], object]) -> DiesAt:
    """The real engine; something happens when its first step of a kind is told."""
    waiting = [act]

    class Watching(DiesAt):
        async def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
            async for step in super().work(assignment, desk):
                if isinstance(step, kind) and waiting:
                    await sync_to_async(waiting.pop())()
                yield step

    return Watching(lambda step: False, LlmBackend())


def test_the_model_answers_what_it_hears_between_two_steps(session: Session, order: Order) -> None:
    backend = on_first(Checkpoint, lambda: customer_says(session, "hello"))
    run = answered(session, "where is order 1001", backend)
    assert said(session)[0] == "Let me look at order 1001." and said(session)[-1].startswith("Hello!")
    assert Run.objects.get() == run and ends(run) == ["run_completed"]


def test_a_model_that_is_done_goes_on_when_it_hears_something(session: Session) -> None:
    backend = on_first(Checkpoint, lambda: customer_says(session, "plan a shop"))
    run = answered(session, "hello", backend)
    assert said(session)[-1] == "The plan is ready: A small web shop."
    assert Run.objects.get() == run and ends(run) == ["run_completed"]


def test_an_operator_steers_unseen_by_the_customer_and_named_in_the_audit(
    session: Session, operator_actor: Actor
) -> None:
    run = claimed(asked(session, "hello"))
    told_to = steer_run(run, "Be brief.", actor=operator_actor)
    assert told_to.run_id == str(run.pk)
    assert Steering.objects.get().text == "[From an operator, not from the customer] Be brief."
    (event,) = [event for event in log(session, EventType.MESSAGE_COMPLETED) if event.data["role"] == "operator"]
    assert (event.visibility, event.data["text"], event.data["author"]) == ("operator", "Be brief.", "operator")
    assert AuditEntry.objects.get(action="run.steered").actor == "operator"


def test_an_operator_who_steers_a_parked_run_is_heard_by_the_next(parked: Run, operator_actor: Actor) -> None:
    hears = steer_run(parked, "Be brief.", actor=operator_actor).run_id
    (following,) = Run.objects.exclude(pk=parked.pk)
    assert hears == str(following.pk) and following.status == Run.Status.QUEUED


def test_a_run_that_has_ended_cannot_be_steered(session: Session, operator_actor: Actor) -> None:
    run = answered(session, "hello")
    with pytest.raises(RunEnded):
        steer_run(run, "Be brief.", actor=operator_actor)
    assert data(session, EventType.MESSAGE_COMPLETED)[-1]["role"] == "agent"


def test_steering_over_rest_needs_a_member_or_the_scope(
    api: KeyClient, session: Session, workspace: Workspace, operator: User
) -> None:
    run = claimed(asked(session, "hello"))
    url = f"/runs/{run.pk}/steer"
    scopes = [scope for scope in ApiKey.Scope.values if scope != "runs"]
    assert KeyClient(create_api_key(workspace, scopes, actor=SYSTEM)[1]).post(url, {"text": "x"}).status_code == 403
    answer = api.post(url, {"text": "Be brief."})
    assert (answer.status_code, told(answer)["run_id"]) == (202, str(run.pk))
    assert api.post(url, {"text": " "}).status_code == 422
    assert Steering.objects.count() == 1
