"""An agent that does badly brings a person in, when a rule of the workspace says so."""

from collections.abc import Sequence

import pytest

from agents_app.backends.base import BackendError, Finished
from agents_app.models import Agent, Run, ToolCall
from agents_app.services.claims import claim_run
from sessions_app.actors import Actor
from sessions_app.models import Handoff, HandoffRule, Session
from sessions_app.services.accepting import accept_session
from sessions_app.services.returning import return_session
from tests.agents.scripted import USAGE, Scripted, delta, settled, steps
from tests.agents.work import answered, asked, carry_on, ends, said, types

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patience(session: Session) -> HandoffRule:
    """Two failures in a row are enough."""
    return HandoffRule.objects.create(workspace=session.workspace, name="patience", kind="failures", failures=2)


@pytest.fixture
def modesty(session: Session) -> HandoffRule:
    """Less than half sure is not sure enough."""
    return HandoffRule.objects.create(
        workspace=session.workspace, name="modesty", kind="low_confidence", confidence=0.5, priority="low"
    )


def failing() -> Scripted:
    return steps(BackendError("model_timeout", "Too slow."))


def sure(confidence: float | None) -> Scripted:
    return steps(delta("Perhaps."), settled("Perhaps."), Finished("{}", USAGE, confidence))


def triggers(session: Session) -> Sequence[str]:
    return [handoff.trigger for handoff in session.handoffs.order_by("requested_at")]


def test_the_last_of_so_many_failures_brings_a_person(session: Session, patience: HandoffRule) -> None:
    answered(session, "hello", failing())
    assert triggers(session) == []
    run = answered(session, "hello", failing())
    assert triggers(session) == ["failures"]
    assert Session.objects.get().status == "waiting" and ends(run) == ["run_failed"]
    assert types(session)[-3:] == ["run_failed", "status_change", "handoff_requested"]


def test_an_answer_in_between_starts_the_count_again(session: Session, patience: HandoffRule) -> None:
    for backend in (failing(), sure(None), failing()):
        answered(session, "hello", backend)
    assert triggers(session) == []


def test_what_failed_before_people_served_does_not_count_afterwards(
    session: Session, patience: HandoffRule, operator_actor: Actor
) -> None:
    for _ in range(2):
        answered(session, "hello", failing())
    session = accept_session(Session.objects.get(), actor=operator_actor)
    return_session(session, summary="Fixed.", actor=operator_actor)
    carry_on(Run.objects.unfinished().get(), failing())
    assert Session.objects.get().status == "active" and len(triggers(session)) == 1


def test_a_run_in_line_behind_the_last_failure_is_left_to_people(session: Session, patience: HandoffRule) -> None:
    answered(session, "hello", failing())
    run, behind = asked(session, "hello"), asked(session, "And now?")
    carry_on(run, failing())
    assert Session.objects.get().status == "waiting"
    assert claim_run(behind.pk) is None and ends(behind) == ["run_cancelled"]


@pytest.mark.parametrize(("confidence", "expected"), [(0.49, ["low_confidence"]), (0.5, []), (None, [])])
def test_an_unsure_answer_brings_a_person(
    session: Session, modesty: HandoffRule, confidence: float | None, expected: list[str]
) -> None:
    answered(session, "hello", sure(confidence))
    assert triggers(session) == expected
    assert said(session) == ["Perhaps."]


def test_the_demo_agent_is_unsure_of_what_it_did_not_understand(session: Session, modesty: HandoffRule) -> None:
    answered(session, "hello")
    assert triggers(session) == []
    answered(session, "colourless green ideas")
    (handoff,) = Handoff.objects.all()
    assert (handoff.trigger, handoff.priority) == ("low_confidence", "low")
    assert handoff.reason == "Rule modesty: the agent is 10% sure"


def test_stating_a_confidence_leaves_no_trace_in_the_log_and_asks_nobody(session: Session, agent: Agent) -> None:
    answered(session, "colourless green ideas")
    assert "tool_status" not in types(session) and not ToolCall.objects.exists()
    Agent.objects.filter(pk=agent.pk).update(tools=[])
    answered(session, "colourless green ideas")
    assert len(said(session)) == 2 and said(session)[0] == said(session)[1]


def test_an_agent_that_asked_for_a_person_itself_is_not_doubted_as_well(session: Session, modesty: HandoffRule) -> None:
    modesty.confidence = 1.0
    modesty.save()
    answered(session, "human please")
    assert triggers(session) == ["agent"]
