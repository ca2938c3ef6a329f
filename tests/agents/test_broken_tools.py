"""A tool that broke ends its run, and ends it in the same way however often the run is delivered again."""

from typing import Any

import pytest

from agents_app import runner
from agents_app.backends.base import BackendError
from agents_app.backends.llm import LlmBackend
from agents_app.models import Run, ToolCall
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.events.types import EventType
from sessions_app.models import Session
from tests.agents.dying import die
from tests.agents.scripted import Killed, calling
from tests.agents.work import answered, asked, carry_on, data, ends, said, statuses

pytestmark = pytest.mark.django_db(transaction=True)


def kill_at_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(runner, "fail_run", killed)


@pytest.mark.parametrize("error", [BackendError("tool_error", "The tool failed."), RuntimeError("password=hunter2")])
def test_after_a_death_before_the_runs_last_word_the_next_attempt_says_the_same_and_runs_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    times = 0

    async def breaks() -> None:
        nonlocal times
        times += 1
        raise error

    backend = calling(REFUND_ORDER, {}, breaks)
    first = answered(session, "refund", backend)
    run = asked(session, "refund")
    with monkeypatch.context() as patch:
        kill_at_the_last_word(patch)
        die(run, backend)
    failed = carry_on(run, backend)
    assert times == 2 and ends(failed) == ["run_failed"]
    assert (failed.error_code, failed.error_detail) == (first.error_code, first.error_detail)
    assert failed.error_code == "tool_error" and "hunter2" not in failed.error_detail


def test_the_model_is_not_asked_to_go_on_after_a_tool_broke_in_an_earlier_attempt(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(session, "fail")
    with monkeypatch.context() as patch:
        kill_at_the_last_word(patch)
        die(run, LlmBackend())
    before = said(session)
    failed = carry_on(run)
    assert (failed.status, failed.error_code) == (Run.Status.FAILED, "tool_error")
    assert "always_fails" in failed.error_detail and said(session) == before
    assert statuses(session, "always_fails") == ["proposed", "executing", "failed"]
    assert ToolCall.objects.get(run=run).error_code == "tool_error"
    (result,) = data(session, EventType.TOOL_RESULT)
    assert not result["success"]
