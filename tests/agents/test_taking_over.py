"""An operator takes a session over while its agent is at work."""

import asyncio
import threading
from collections.abc import AsyncGenerator

import pytest

from agents_app.backends.base import Assignment, Step, ToolDesk
from agents_app.models import PermissionRequest, Run, ToolCall
from agents_app.runner import advance
from agents_app.services.claims import claim_run
from agents_app.services.permissions import decide
from agents_app.tools.lookup_order import LOOKUP_ORDER
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyDecided, AlreadyTaken, SessionClosed
from sessions_app.models import Draft, Handoff, Session
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.returning import return_session
from sessions_app.services.sessions import close_session
from sessions_app.services.transferring import transfer_session
from tests.agents.races import race
from tests.agents.scripted import DONE, Scripted, delta, settled
from tests.agents.talking import Talking
from tests.agents.work import CARLA, asked, claimed, customer_says, data, ends, fresh, request_of, said, types

pytestmark = pytest.mark.django_db(transaction=True)


def again(session: Session) -> Session:
    """The session as another process would load it."""
    return Session.objects.select_related("operator", "workspace").get(pk=session.pk)


class Held:
    """A worker that has said something and goes on when it is let."""

    def __init__(self, run: Run) -> None:
        self._spoke = threading.Event()
        self._go_on = threading.Event()
        self._thread = threading.Thread(target=advance, args=(claimed(run), Scripted(self._speak)))
        self._thread.start()
        assert self._spoke.wait(10)

    async def _speak(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        yield delta("I will ref")
        self._spoke.set()
        while not self._go_on.is_set():
            await asyncio.sleep(0.005)
        yield delta("und it.")
        yield settled("I will refund it.")
        yield DONE

    def let_go(self) -> None:
        self._go_on.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


def test_what_the_agent_still_says_after_a_takeover_is_refused_by_the_database(
    session: Session, operator_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worker does not look for itself whether it is to stop: only the fence keeps it from speaking.
    monkeypatch.setattr("agents_app.runner.KEEP_SECONDS", 3600)
    run = asked(session, "refund order 1001")
    worker = Held(run)
    accept_session(session, actor=operator_actor)
    seen = types(session)
    assert seen[-4:] == ["status_change", "message_discarded", "run_cancelled", "handoff_accepted"]
    worker.let_go()
    assert types(session) == seen and said(session) == [] and not Draft.objects.exists()
    assert ends(run) == ["run_cancelled"] and fresh(run).status == Run.Status.CANCELLED


def test_a_worker_in_mid_sentence_is_interrupted(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    run = asked(session, "hello")
    worker = Talking(run)
    accept_session(session, actor=operator_actor)
    worker.end()
    assert ends(run) == ["run_cancelled"]


def test_a_takeover_takes_pending_requests_back(session: Session, parked: Run, operator_actor: Actor) -> None:
    request = request_of(parked)
    accept_session(session, actor=operator_actor)
    (cleared,) = data(session, EventType.PERMISSION_CLEARED)
    assert (cleared["outcome"], cleared["decided_by"]) == ("cancelled", "user:operator")
    assert PermissionRequest.objects.get().status == PermissionRequest.Status.CANCELLED
    with pytest.raises(AlreadyDecided):
        decide(request, approve=True, actor=operator_actor)


def test_a_tool_at_work_when_the_session_is_taken_over_is_unknown(session: Session, operator_actor: Actor) -> None:
    running = threading.Event()

    async def call(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        async def code() -> str:
            running.set()
            await asyncio.Event().wait()
            return "never"

        await desk.judge(LOOKUP_ORDER, "c", {})
        await desk.run(LOOKUP_ORDER, "c", {}, code)
        yield DONE

    run = asked(session, "hello")
    worker = threading.Thread(target=advance, args=(claimed(run), Scripted(call)))
    worker.start()
    assert running.wait(10)
    accept_session(session, actor=operator_actor)
    worker.join(20)
    assert not worker.is_alive()
    assert ToolCall.objects.get().status == ToolCall.Status.UNKNOWN


def test_a_takeover_ends_what_is_in_line_and_the_customer_is_not_answered_by_the_agent(
    session: Session, parked: Run, operator_actor: Actor
) -> None:
    behind = asked(session, "hello")
    accept_session(session, actor=operator_actor)
    assert ends(parked) == ends(behind) == ["run_cancelled"]
    assert claim_run(behind.pk) is None
    assert customer_says(session, "Who is there?").run_id is None


def test_of_two_operators_one_gets_the_session_and_the_other_is_told_who(
    session: Session, operator_actor: Actor, colleague_actor: Actor
) -> None:
    request_handoff(session, actor=CARLA)
    results = race(
        *(
            lambda actor=actor: accept_session(again(session), actor=actor)
            for actor in (operator_actor, colleague_actor)
        )
    )
    (lost,) = [result for result in results if isinstance(result, AlreadyTaken)]
    (won,) = [result for result in results if isinstance(result, Session)]
    winner = again(session).operator
    assert winner is not None and won.operator == winner
    assert lost.detail == f"{winner.username} serves this session."
    assert again(session).epoch == 1 and Handoff.objects.count() == 1
    assert [entry["operator"] for entry in data(session, EventType.HANDOFF_ACCEPTED)] == [winner.username]


def test_taking_over_twice_at_once_from_the_agent_makes_one_handoff(
    session: Session, operator_actor: Actor, colleague_actor: Actor
) -> None:
    race(
        *(
            lambda actor=actor: accept_session(again(session), actor=actor)
            for actor in (operator_actor, colleague_actor)
        )
    )
    assert Handoff.objects.count() == 1 and types(session).count("handoff_accepted") == 1


def test_of_accepting_and_closing_both_leave_a_closed_session(session: Session, operator_actor: Actor) -> None:
    request_handoff(session, actor=CARLA)
    accepted, closed = race(
        lambda: accept_session(again(session), actor=operator_actor),
        lambda: close_session(again(session), actor=CARLA),
    )
    assert isinstance(accepted, Session | SessionClosed) and isinstance(closed, Session)
    row = again(session)
    assert (row.status, row.operator) == ("closed", None)
    assert Handoff.objects.get().status == Handoff.Status.CLOSED
    assert types(session)[-1] == "session_closed"


def test_a_message_at_the_moment_of_a_takeover_is_not_answered_by_the_agent(
    session: Session, operator_actor: Actor
) -> None:
    accepted, told = race(
        lambda: accept_session(again(session), actor=operator_actor),
        lambda: customer_says(again(session), "hello"),
    )
    assert isinstance(accepted, Session) and not isinstance(told, Exception)
    assert not Run.objects.unfinished().exists()
    assert said(session, "customer") == ["hello"] and said(session) == []


def test_of_returning_and_transferring_the_first_wins(
    session: Session, operator_actor: Actor, colleague_actor: Actor
) -> None:
    accept_session(session, actor=operator_actor)
    returned, sent = race(
        lambda: return_session(again(session), summary="", actor=operator_actor),
        lambda: transfer_session(again(session), to="olga", actor=operator_actor),
    )
    codes = [getattr(result, "code", "done") for result in (returned, sent)]
    assert codes in (["done", "not_staffed"], ["not_yours", "done"])
    assert again(session).status == ("active" if codes[0] == "done" else "staffed")


def test_the_agent_and_the_customer_may_ask_for_a_person_at_once(session: Session) -> None:
    results = race(*[lambda: request_handoff(again(session), actor=CARLA)] * 2)
    assert sorted(getattr(result, "code", "done") for result in results) == ["already_requested", "done"]
    assert Handoff.objects.count() == 1
