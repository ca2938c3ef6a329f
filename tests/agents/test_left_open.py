"""A session comes back with work the agent had not finished: that ends, and what it left open is answered once."""

from uuid import UUID

import pytest

from agents_app.backends.base import BackendError
from agents_app.models import Order, PermissionRequest, Run
from agents_app.services.claims import assignment_of, checkpoint_run
from agents_app.services.endings import complete_run, fail_run
from agents_app.services.permissions import decide
from agents_app.services.runs import cancel_run
from agents_app.services.steering import tell_run
from sessions_app.actors import Actor
from sessions_app.exceptions import AlreadyDecided, MessageTaken, Superseded
from sessions_app.models import Session
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.messages import withdraw
from sessions_app.services.returning import return_session
from tests.agents.giving_back import operator_says, remembered, started
from tests.agents.races import race
from tests.agents.scripted import steps
from tests.agents.talking import Talking
from tests.agents.work import CARLA, answered, asked, carry_on, claimed, customer_says, ends, request_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_whose_answer_was_cut_short_is_not_lost(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    worker = Talking(asked(session, "My name is Carla."))
    asked(session, "And I want my lamp.")
    accept_session(session, actor=operator_actor)
    worker.end()
    operator_says(session, "Hello Carla.", operator_actor)
    return_session(session, summary="", actor=operator_actor)
    text = remembered(session)
    assert text.index("My name is Carla.") < text.index("And I want my lamp.") < text.index("Hello Carla.")
    assert not Run.objects.unfinished().exists()
    accept_session(session, actor=operator_actor)
    return_session(session, summary="Again.", actor=operator_actor)
    assert remembered(session).count("My name is Carla.") == 1


def test_words_that_a_run_was_steered_by_and_never_took_up_are_not_lost(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    Session.objects.filter(pk=session.pk).update(busy_policy="steer")
    session.refresh_from_db()
    worker = Talking(asked(session, "hello"))
    customer_says(session, "Faster, please.")
    accept_session(session, actor=operator_actor)
    worker.end()
    return_session(session, summary="", actor=operator_actor)
    assert started(session).prompt == "hello\n\nFaster, please."


def test_several_messages_that_one_run_was_to_answer_are_not_lost(
    session: Session, operator_actor: Actor, attentive_workers: None
) -> None:
    Session.objects.filter(pk=session.pk).update(busy_policy="steer")
    session.refresh_from_db()
    worker = Talking(run := asked(session, "hello"))
    customer_says(session, "Faster, please.")
    louder = customer_says(session, "And louder.")
    cancel_run(run, actor=CARLA)
    worker.end()
    with pytest.raises(MessageTaken):
        withdraw(session, UUID(louder.message_id), actor=CARLA)
    accept_session(session, actor=operator_actor)
    operator_says(session, "Hello.", operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert "Faster, please." in remembered(session) and "And louder." in remembered(session)


def test_a_message_whose_run_failed_before_anything_was_kept_is_not_lost(
    session: Session, operator_actor: Actor
) -> None:
    answered(session, "I am Carla.", steps(BackendError("model_timeout", "Too slow.")))
    accept_session(session, actor=operator_actor)
    operator_says(session, "Hello.", operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert "I am Carla." in remembered(session)


def test_a_message_that_was_withdrawn_reaches_nobody(session: Session, parked: Run, operator_actor: Actor) -> None:
    said_wrong = customer_says(session, "My card is 4111.")
    withdraw(session, UUID(said_wrong.message_id), actor=CARLA)
    accept_session(session, actor=operator_actor)
    return_session(session, summary="Done.", actor=operator_actor)
    assert "4111" not in remembered(session) and started(session).prompt == "refund order 1001"


@pytest.mark.parametrize("work", ["hello", "refund order 1001", "ask me"])
def test_what_the_agent_had_begun_ends_with_a_return_from_the_queue(
    session: Session, order: Order, supervisor_actor: Actor, work: str
) -> None:
    run, behind = asked(session, work), asked(session, "And my lamp?")
    if work == "hello":
        claimed(run)
    else:
        assert carry_on(run).status == Run.Status.WAITING
    request_handoff(session, actor=CARLA)
    return_session(session, summary="Nobody is here today.", actor=supervisor_actor)
    assert ends(run) == ends(behind) == ["run_cancelled"]
    # What the agent had asked back is the customer's to answer, and no question of theirs any more.
    assert started(session).prompt == ("And my lamp?" if work == "ask me" else f"{work}\n\nAnd my lamp?")
    assert claimed(started(session)).epoch == Session.objects.get().epoch == 1


def test_a_call_that_waited_for_permission_is_asked_about_anew_and_done_once(
    session: Session, parked: Run, supervisor_actor: Actor
) -> None:
    request = request_of(parked)
    request_handoff(session, actor=CARLA)
    return_session(session, summary="Refunds are fine.", actor=supervisor_actor)
    with pytest.raises(AlreadyDecided):
        decide(request, approve=True, actor=supervisor_actor)
    again = carry_on(started(session))
    decide(request_of(again), approve=True, actor=supervisor_actor)
    assert carry_on(again).status == Run.Status.COMPLETED
    assert Order.objects.get().refunded_cents == 1990


def test_of_returning_and_approving_at_once_neither_leaves_a_call_half_done(
    session: Session, parked: Run, supervisor_actor: Actor
) -> None:
    request = request_of(parked)
    request_handoff(session, actor=CARLA)
    returned, decided = race(
        lambda: return_session(Session.objects.get(), summary="Go on.", actor=supervisor_actor),
        lambda: decide(request, approve=True, actor=supervisor_actor),
    )
    assert isinstance(returned, Session) and isinstance(decided, PermissionRequest | AlreadyDecided)
    assert ends(parked) == ["run_cancelled"] and not Order.objects.filter(refunded_cents__gt=0).exists()
    assert carry_on(started(session)).status == Run.Status.WAITING


def test_no_run_of_before_writes_over_what_the_agent_is_told(session: Session, supervisor_actor: Actor) -> None:
    answered(session, "hello")
    run = claimed(asked(session, "where is order 1001"))
    work = assignment_of(run)
    request_handoff(session, actor=CARLA)
    return_session(session, summary="Nobody is here today.", actor=supervisor_actor)
    with pytest.raises(Superseded):
        checkpoint_run(run, work.conversation)
    assert "Nobody is here today." in remembered(session)


def test_an_answer_given_while_waiting_for_a_person_reaches_the_agent(
    session: Session, supervisor_actor: Actor
) -> None:
    answered(session, "ask me")
    request_handoff(session, actor=CARLA)
    customer_says(session, "red")
    return_session(session, summary="", actor=supervisor_actor)
    assert started(session).prompt == "red"
    assert carry_on(started(session)).status == Run.Status.COMPLETED


@pytest.mark.parametrize("ending", ["taken over", "failed"])
def test_what_a_hand_back_was_to_answer_is_answered_by_the_next_one(
    session: Session, supervisor_actor: Actor, operator_actor: Actor, ending: str
) -> None:
    request_handoff(session, actor=CARLA)
    for text in ("hello", "where is order 1001"):
        customer_says(session, text)
    return_session(session, summary="", actor=supervisor_actor)
    if ending == "failed":
        carry_on(started(session), steps(BackendError("model_timeout", "Too slow.")))
    accept_session(session, actor=operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert started(session).prompt == "hello\n\nwhere is order 1001"
    carry_on(started(session))
    accept_session(session, actor=operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert not Run.objects.unfinished().exists()


def test_a_question_is_open_until_its_run_is_complete_however_far_that_got(
    session: Session, operator_actor: Actor
) -> None:
    run = claimed(asked(session, "hello"))
    checkpoint_run(run, "")
    fail_run(run, code="model_timeout", detail="Too slow.")
    accept_session(session, actor=operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert started(session).prompt == "hello"


def test_a_message_in_line_is_open_though_the_agent_has_spoken_since(session: Session, operator_actor: Actor) -> None:
    first = asked(session, "hello")
    asked(session, "where is order 1001")
    carry_on(first)
    accept_session(session, actor=operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert started(session).prompt == "where is order 1001"


def test_words_that_a_complete_run_was_steered_by_are_answered(session: Session, operator_actor: Actor) -> None:
    Session.objects.filter(pk=session.pk).update(busy_policy="steer")
    session.refresh_from_db()
    run = claimed(asked(session, "hello"))
    customer_says(session, "Faster, please.")
    assert tell_run(run) == ["Faster, please."]
    checkpoint_run(run, "")
    complete_run(run, usage={})
    accept_session(session, actor=operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert not Run.objects.unfinished().exists()


def test_an_answer_to_the_agents_question_that_it_never_heard_is_not_lost(
    session: Session, operator_actor: Actor
) -> None:
    answered(session, "ask me")
    customer_says(session, "red")
    accept_session(session, actor=operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert started(session).prompt == "red"
    accept_session(session, actor=operator_actor)
    operator_says(session, "Red it is.", operator_actor)
    return_session(session, summary="", actor=operator_actor)
    assert remembered(session).count("> red") == 1 and not Run.objects.unfinished().exists()


def test_an_answer_the_agent_has_heard_is_not_told_again(session: Session, operator_actor: Actor) -> None:
    answered(session, "ask me")
    carry_on(asked(session, "red"))
    accept_session(session, actor=operator_actor)
    return_session(session, summary="Hello.", actor=operator_actor)
    assert "> red" not in remembered(session) and not Run.objects.unfinished().exists()
