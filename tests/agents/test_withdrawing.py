"""A message that still waits for its turn can be taken back."""

from uuid import uuid4

import pytest

from agents_app.models import Order, Run, Steering
from agents_app.services.claims import claim_run
from agents_app.services.steering import steer_run, tell_run
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.types import EventType
from sessions_app.models import ApiKey, Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.messages import withdraw
from tests.agents.races import race
from tests.agents.work import CARLA, answered, asked, carry_on, claimed, customer_says, data, ends, fresh, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)


def url(message_id: object) -> str:
    return f"/sessions/talk/messages/{message_id}/withdraw"


def refused(api: KeyClient, message_id: object) -> tuple[int, str]:
    answer = api.post(url(message_id))
    return answer.status_code, told(answer)["code"]


def test_a_queued_message_is_withdrawn_and_its_run_cancelled(api: KeyClient, session: Session, parked: Run) -> None:
    queued = customer_says(session, "hello")
    assert api.post(url(queued.message_id)).status_code == 204
    run = Run.objects.get(message_id=queued.message_id)
    assert ends(run) == ["run_cancelled"] and claim_run(run.pk) is None
    assert data(session, EventType.MESSAGE_DISCARDED) == [{"message_id": queued.message_id}]
    entries = told(api.get("/sessions/talk/transcript"))["entries"]
    (entry,) = [entry for entry in entries if entry.get("message_id") == queued.message_id]
    assert entry["status"] == "discarded" and fresh(parked).status == Run.Status.WAITING
    assert "hello" not in told(api.get("/sessions/talk"))["last_message"] != ""


@pytest.mark.parametrize("work", ["running", "parked", "ended"])
def test_a_message_whose_run_has_begun_stays_said(api: KeyClient, session: Session, order: Order, work: str) -> None:
    begun = customer_says(session, "hello" if work == "ended" else "refund order 1001")
    run = Run.objects.get(message_id=begun.message_id)
    claimed(run) if work == "running" else carry_on(run)
    assert refused(api, begun.message_id) == (409, "message_taken")
    assert data(session, EventType.MESSAGE_DISCARDED) == [] and ends(run) == (
        ["run_completed"] if work == "ended" else []
    )


def test_a_message_is_withdrawn_once(api: KeyClient, session: Session) -> None:
    queued = customer_says(session, "hello")
    assert api.post(url(queued.message_id)).status_code == 204
    assert refused(api, queued.message_id) == (409, "message_taken")
    assert len(data(session, EventType.MESSAGE_DISCARDED)) == 1


def test_an_answer_to_a_question_cannot_be_withdrawn(api: KeyClient, session: Session) -> None:
    answered(session, "ask me")
    assert refused(api, customer_says(session, "red").message_id) == (409, "message_taken")


def test_a_message_nobody_has_said_here_is_not_found(
    api: KeyClient, session: Session, other_workspace: Workspace
) -> None:
    said = customer_says(session, "hello")
    assert refused(api, uuid4()) == (404, "not_found")
    stranger = KeyClient(create_api_key(other_workspace, ["all"], actor=SYSTEM)[1])
    assert refused(stranger, said.message_id) == (404, "not_found")


def test_what_an_operator_told_the_run_is_not_the_customers_to_withdraw(
    api: KeyClient, session: Session, operator_actor: Actor
) -> None:
    run = claimed(asked(session, "hello"))
    steered = steer_run(run, "Be brief.", actor=operator_actor)
    assert refused(api, steered.message_id) == (404, "not_found") and tell_run(run)


def test_withdrawing_needs_the_scope_to_speak(workspace: Workspace, session: Session) -> None:
    said = customer_says(session, "hello")
    scopes = [scope for scope in ApiKey.Scope.values if scope != "messages"]
    assert refused(KeyClient(create_api_key(workspace, scopes, actor=SYSTEM)[1]), said.message_id)[0] == 403


def test_words_for_a_run_at_work_are_withdrawn_until_it_has_heard_them(api: KeyClient, session: Session) -> None:
    Session.objects.update(busy_policy=Session.BusyPolicy.STEER)
    run = claimed(asked(session, "hello"))
    one, two = customer_says(session, "one"), customer_says(session, "two")
    assert api.post(url(one.message_id)).status_code == 204
    assert tell_run(run) == ["two"]
    assert refused(api, two.message_id) == (409, "message_taken")
    assert Steering.objects.count() == 1 and ends(run) == []


def test_a_message_that_is_withdrawn_and_claimed_at_once_is_one_or_the_other(session: Session) -> None:
    queued = customer_says(session, "hello")
    run = Run.objects.get(message_id=queued.message_id)
    withdrawn, taken = race(
        lambda: withdraw(session, run.message_id or uuid4(), actor=CARLA), lambda: claim_run(run.pk)
    )
    assert (withdrawn is None) is (taken is None)
    assert ends(run) == ([] if taken else ["run_cancelled"])
    assert len(data(session, EventType.MESSAGE_DISCARDED)) == (0 if taken else 1)
