"""A worker died inside a tool that may not run twice: a person says what became of it, and the run goes on."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from agents_app.exceptions import WrongDecision
from agents_app.models import PermissionRequest, Run, ToolCall
from agents_app.services.outcomes import decide_outcome
from agents_app.services.permissions import decide
from agents_app.services.runs import cancel_run
from agents_app.services.sweeping import sweep_all
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.exceptions import AlreadyDecided
from sessions_app.models import AuditEntry, Session
from tests.agents.dying import Unsure, killed_in
from tests.agents.line import enqueued
from tests.agents.races import race
from tests.agents.work import asked, carry_on, data, ends, fresh, said, statuses, types
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)
Status = PermissionRequest.Status


def test_the_tool_is_not_run_again_but_declared_unknown_and_the_run_waits_for_a_person(
    session: Session, unsure: Unsure
) -> None:
    assert unsure.tried.times == 1 and ends(unsure.run) == []
    assert (unsure.run.status, unsure.run.lease_until) == (Run.Status.WAITING, None)
    assert unsure.call.status == ToolCall.Status.UNKNOWN
    assert statuses(session, "refund_order") == ["proposed", "executing", "unknown"]
    assert types(session)[-3:] == ["tool_status", "permission_request", "run_waiting"]
    assert data(session, EventType.RUN_WAITING) == [{"waiting_for": ["outcome"]}]


def test_the_person_is_told_what_is_known_and_what_can_be_answered(session: Session, unsure: Unsure) -> None:
    (asked_for,) = data(session, EventType.PERMISSION_REQUEST)
    assert (asked_for["kind"], asked_for["options"]) == ("outcome", ["run_again", "done", "give_up"])
    assert (asked_for["tool_name"], asked_for["arguments"]) == ("refund_order", {"order_number": 1001})
    started_at = unsure.call.started_at
    assert started_at is not None
    assert asked_for["known"] == {
        "started_at": started_at.isoformat(),
        "attempt": 1,
        "idempotency_key": f"{unsure.run.pk}:c",
    }
    assert unsure.request.known == asked_for["known"]


def test_run_again_claims_the_call_once_more_and_runs_it(
    session: Session, unsure: Unsure, operator_actor: Actor
) -> None:
    decide_outcome(unsure.request, Status.RUN_AGAIN, actor=operator_actor)
    done = carry_on(unsure.run, unsure.backend)
    assert unsure.tried.times == 2 and ends(done) == ["run_completed"] and said(session) == ["It worked."]
    assert statuses(session, "refund_order") == ["proposed", "executing", "unknown", "executing", "completed"]


def test_done_gives_the_agent_the_result_and_runs_nothing(
    session: Session, unsure: Unsure, operator_actor: Actor
) -> None:
    decide_outcome(unsure.request, Status.DONE, actor=operator_actor, result="Paid by hand.")
    done = carry_on(unsure.run, unsure.backend)
    assert unsure.tried.times == 1 and ends(done) == ["run_completed"] and said(session) == ["Paid by hand."]
    assert (unsure.call.status, unsure.call.result) == (ToolCall.Status.COMPLETED, "Paid by hand.")
    (result,) = data(session, EventType.TOOL_RESULT)
    assert (result["success"], result["result"]) == (True, "Paid by hand.")


def give_up(unsure: Unsure, actor: Actor) -> None:
    decide_outcome(unsure.request, Status.GIVEN_UP, actor=actor, reason="The bank is closed.")


def expire(unsure: Unsure, actor: Actor) -> None:
    PermissionRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sweep_all(timezone.now())


@pytest.mark.parametrize(
    ("end", "outcome", "why"),
    [(give_up, "give_up", "The bank is closed."), (expire, "expired", "Nobody answered in time.")],
)
def test_what_is_given_up_or_never_answered_stays_unknown_and_the_agent_is_told_so(
    session: Session, unsure: Unsure, operator_actor: Actor, end: Any, outcome: str, why: str
) -> None:
    end(unsure, operator_actor)
    carry_on(unsure.run, unsure.backend)
    assert unsure.tried.times == 1
    assert unsure.call.status == ToolCall.Status.UNKNOWN
    assert unsure.call.answer == f"It is not known whether this took effect, and it was not tried again. {why}"
    (cleared,) = data(session, EventType.PERMISSION_CLEARED)
    assert (cleared["kind"], cleared["outcome"]) == ("outcome", outcome)


def test_an_outcome_is_decided_once_and_the_run_resumed_once(
    valkey: TestValkey, session: Session, unsure: Unsure, operator_actor: Actor
) -> None:
    enqueued()
    requests = [unsure.request, unsure.request]
    outcomes = [Status.RUN_AGAIN, Status.GIVEN_UP]
    results = race(
        *(
            lambda r=request, o=outcome: decide_outcome(r, o, actor=operator_actor)
            for request, outcome in zip(requests, outcomes, strict=True)
        )
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "PermissionRequest"]
    assert enqueued() == [unsure.run.pk]
    carry_on(unsure.run, unsure.backend)
    assert unsure.tried.times == (2 if isinstance(results[0], PermissionRequest) else 1)
    assert len(data(session, EventType.PERMISSION_CLEARED)) == 1


def test_a_second_death_in_the_same_call_asks_a_second_time(
    session: Session, unsure: Unsure, operator_actor: Actor
) -> None:
    decide_outcome(unsure.request, Status.RUN_AGAIN, actor=operator_actor)
    unsure.tried.times = 0
    killed_again, _ = killed_in(REFUND_ORDER, unsure.run, unsure.tried)
    assert carry_on(unsure.run, killed_again).status == Run.Status.WAITING
    assert len(data(session, EventType.PERMISSION_REQUEST)) == 2
    assert unsure.request.known["attempt"] == 3


def test_cancelling_clears_the_question_and_the_call_stays_unknown(
    session: Session, unsure: Unsure, operator_actor: Actor
) -> None:
    request = unsure.request
    cancel_run(unsure.run, actor=operator_actor)
    assert ends(unsure.run) == ["run_cancelled"] and unsure.call.status == ToolCall.Status.UNKNOWN
    assert [cleared["outcome"] for cleared in data(session, EventType.PERMISSION_CLEARED)] == ["cancelled"]
    with pytest.raises(AlreadyDecided):
        decide_outcome(request, Status.RUN_AGAIN, actor=operator_actor)


def test_a_run_that_was_to_stop_when_its_worker_died_asks_nobody(session: Session, operator_actor: Actor) -> None:
    run = asked(session, "refund")
    killed_in(REFUND_ORDER, run, sweep=False)
    cancel_run(fresh(run), actor=operator_actor)
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep_all(timezone.now())
    assert ends(run) == ["run_cancelled"] and data(session, EventType.PERMISSION_REQUEST) == []
    assert ToolCall.objects.get(run=run).status == ToolCall.Status.UNKNOWN


def test_an_outcome_cannot_be_approved_and_an_approval_has_no_outcome(unsure: Unsure, operator_actor: Actor) -> None:
    with pytest.raises(WrongDecision):
        decide(unsure.request, approve=True, actor=operator_actor)
    PermissionRequest.objects.update(kind=PermissionRequest.Kind.APPROVAL)
    with pytest.raises(WrongDecision):
        decide_outcome(unsure.request, Status.DONE, actor=operator_actor)


def test_the_audit_says_who_said_what_of_which_execution(unsure: Unsure, operator_actor: Actor) -> None:
    request = unsure.request
    decide_outcome(request, Status.DONE, actor=operator_actor, reason="I looked.", result={"paid": 5})
    entry = AuditEntry.objects.get(action="permission.done")
    assert (entry.actor, entry.reason, entry.target) == ("operator", "I looked.", str(request.pk))
    assert (entry.details["result"], entry.details["known"]) == ({"paid": 5}, request.known)


def test_a_run_whose_last_worker_died_in_a_refund_still_asks_before_it_is_given_up(
    session: Session, settings: Settings
) -> None:
    settings.RUN_MAX_ATTEMPTS = 1
    unsure = Unsure(session)
    assert (unsure.run.status, unsure.request.kind) == (Run.Status.WAITING, PermissionRequest.Kind.OUTCOME)
    assert unsure.tried.times == 1 and ends(unsure.run) == []
