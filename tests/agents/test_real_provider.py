"""A customer, a run, and a provider over real HTTP: what is said, what it costs, and how it ends when it goes wrong."""

import json
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from agents_app.backends import retrying
from agents_app.models import Agent, Budget, Run
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.models import Session, StoredEvent
from sessions_app.services.accepting import accept_session
from sessions_app.services.messages import Role, say
from sessions_app.services.returning import return_session
from tests.agents.work import answered, data, said, types
from tests.backends.openai_stub import Stub, serving
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "sk-very-secret"


@pytest.fixture
def provider(agent: Agent, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Stub]:
    """The provider of the workspace's agent, at the agent's own address."""
    settings.MODEL_SILENCE_SECONDS = PATIENCE_SECONDS
    monkeypatch.setattr(retrying, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving() as stub:
        Agent.objects.filter(pk=agent.pk).update(model="openai:gpt-4o", base_url=stub.url, tools=[])
        yield stub
    assert KEY not in repr(list(StoredEvent.objects.values_list("data", flat=True)))


def test_the_answer_is_spoken_and_counted(provider: Stub, session: Session) -> None:
    run = answered(session, "hello")
    assert said(session) == ["One moment."]
    assert (run.usage["input_tokens"], run.usage["cost_micro_dollars"]) == (10, 75)


def test_the_provider_is_told_what_people_said_in_between(
    provider: Stub, session: Session, operator_actor: Actor
) -> None:
    answered(session, "hello")
    accept_session(session, actor=operator_actor)
    say(session, "It ships on Monday.", actor=operator_actor, role=Role.OPERATOR)
    return_session(session, summary="Promised Monday.", actor=operator_actor)
    assert answered(session, "And when?").status == Run.Status.COMPLETED
    told = json.dumps(provider.asked[-1]["messages"])
    assert told.index("hello") < told.index("It ships on Monday.") < told.index("Promised Monday.")
    assert told.index("Promised Monday.") < told.index("And when?")


def test_trouble_that_passes_leaves_no_trace_in_the_log(provider: Stub, session: Session) -> None:
    provider.trouble.extend([429, "closed", 500])
    assert answered(session, "hello").status == Run.Status.COMPLETED
    assert said(session) == ["One moment."]
    assert "message_discarded" not in types(session)


def test_trouble_that_stays_fails_the_run(provider: Stub, session: Session, settings: Settings) -> None:
    settings.MODEL_RETRIES = 1
    provider.trouble.extend([429] * 9)
    run = answered(session, "hello")
    assert (run.status, run.error_code) == (Run.Status.FAILED, "model_rate_limited")
    assert len(provider.asked) == 2


def test_an_answer_that_breaks_off_is_taken_back_and_never_said_twice(
    provider: Stub, session: Session, agent: Agent
) -> None:
    Agent.objects.filter(pk=agent.pk).update(model="openai:cut-late")
    assert answered(session, "hello").error_code == "model_unavailable"
    assert len(provider.asked) == 1
    assert types(session)[-2:] == ["message_discarded", "run_failed"]
    assert [entry["code"] for entry in data(session, EventType.RUN_FAILED)] == ["model_unavailable"]


def test_a_provider_that_is_silent_for_too_long_fails_the_run(
    provider: Stub, session: Session, settings: Settings
) -> None:
    settings.MODEL_SILENCE_SECONDS, settings.MODEL_RETRIES = 0.2, 0
    provider.trouble.append("silent")
    assert answered(session, "hello").error_code == "model_timeout"


def test_a_used_up_budget_keeps_the_provider_from_being_asked(provider: Stub, session: Session, agent: Agent) -> None:
    Budget.objects.create(workspace=session.workspace, limit_micro_dollars=75)
    answered(session, "hello")
    assert answered(session, "hello").error_code == "budget_exceeded"
    assert len(provider.asked) == 1
