"""Whatever goes wrong ends in one typed event, and the log stays whole."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from pytest_django import Settings

from agents_app.backends.base import Assignment, BackendError, Step, ToolDesk
from agents_app.models import Agent, Run
from sessions_app.events.types import EventType
from sessions_app.exceptions import Unprocessable
from sessions_app.models import Draft, Session
from tests.agents.scripted import Scripted, delta, steps
from tests.agents.work import answered, customer_says, data, ends, types
from tests.clock import put_forward

pytestmark = pytest.mark.django_db(transaction=True)
RUN_SECONDS = 600.0


async def _speak_for_ever(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
    yield delta("I am thi")
    put_forward(RUN_SECONDS)
    await asyncio.Event().wait()


def failed(session: Session, code: str) -> str:
    """The detail, once it is sure that the one run failed with this code and nothing is left of it."""
    run = Run.objects.get(session=session)
    assert (run.status, run.error_code, run.lease_until) == (Run.Status.FAILED, code, None)
    assert ends(run) == ["run_failed"] and types(session)[-1] == "run_failed"
    assert not Draft.objects.exists()
    (end,) = data(session, EventType.RUN_FAILED)
    assert end == {"code": code, "detail": run.error_detail}
    return run.error_detail


def test_a_model_nobody_knows_fails_with_unknown_model(session: Session, agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(model="nobody:knows")
    answered(session, "hello")
    assert "nobody:knows" in failed(session, "unknown_model")


def test_a_tool_nobody_knows_fails_with_unknown_tool(session: Session, agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(tools=["crystal_ball"])
    answered(session, "hello")
    assert "crystal_ball" in failed(session, "unknown_tool")


def test_a_model_that_fails_in_mid_sentence_gives_its_code_and_takes_its_words_back(session: Session) -> None:
    answered(session, "hello", steps(delta("I am"), BackendError("model_timeout", "Too slow.")))
    assert failed(session, "model_timeout") == "Too slow."
    assert types(session)[-3:] == ["message_started", "message_discarded", "run_failed"]


def test_a_fault_of_our_own_fails_with_internal_error_and_does_not_show_its_words(session: Session) -> None:
    answered(session, "hello", steps(delta("I am"), RuntimeError("password=hunter2")))
    assert "hunter2" not in failed(session, "internal_error")
    assert types(session)[-3:] == ["message_started", "message_discarded", "run_failed"]


def test_a_run_that_takes_too_long_fails_with_run_timeout(session: Session, settings: Settings) -> None:
    settings.RUN_TIMEOUT_SECONDS = RUN_SECONDS
    answered(session, "hello", Scripted(_speak_for_ever))
    failed(session, "run_timeout")
    assert types(session)[-3:] == ["message_started", "message_discarded", "run_failed"]


def test_a_timeout_inside_a_backend_is_not_mistaken_for_the_runs_own(session: Session) -> None:
    answered(session, "hello", steps(TimeoutError()))
    failed(session, "internal_error")


def test_a_backend_that_ends_without_a_last_word_fails_the_run(session: Session) -> None:
    answered(session, "hello", steps(delta("I am")))
    failed(session, "internal_error")


def test_a_message_to_an_agent_that_is_gone_is_refused_and_leaves_nothing(session: Session, agent: Agent) -> None:

    agent.delete()
    with pytest.raises(Unprocessable) as caught:
        customer_says(session, "hello")
    assert caught.value.code == "unknown_agent"
    assert types(session) == ["session_started"]
