"""Every run knows what it took for itself; a session and a workspace are the sums."""

from datetime import UTC, datetime

import pytest

from agents_app.backends.base import BackendError, Checkpoint, Finished
from agents_app.models import Run, Spending
from agents_app.runner import advance
from sessions_app.actors import SYSTEM
from sessions_app.events.types import EventType
from sessions_app.models import Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.sessions import open_session
from tests.agents.scripted import Killed, steps
from tests.agents.work import answered, asked, carry_on, claimed, data, fresh, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)

PRICED = {"requests": 1, "input_tokens": 20, "output_tokens": 5, "tool_calls": 0, "cost_micro_dollars": 75}
UNPRICED = {"requests": 1, "input_tokens": 1, "output_tokens": 1, "tool_calls": 2}
BOTH = {
    "requests": 2,
    "input_tokens": 21,
    "output_tokens": 6,
    "tool_calls": 2,
    "cost_micro_dollars": 75,
    "unpriced_requests": 1,
}
NOTHING = dict.fromkeys(BOTH, 0)


def test_a_runs_usage_is_the_sum_of_its_steps_in_the_log_and_on_the_run(session: Session) -> None:
    run = answered(session, "hello", steps(Checkpoint("c", PRICED), Checkpoint("c"), Finished("c", UNPRICED)))
    assert run.usage == BOTH
    assert data(session, EventType.RUN_COMPLETED) == [{"usage": BOTH}]


def test_a_later_run_does_not_count_what_the_conversation_used_before(session: Session) -> None:
    first, second = answered(session, "hello"), answered(session, "hello")
    assert (first.usage["requests"], second.usage["requests"]) == (1, 1)
    assert second.usage["cost_micro_dollars"] == second.usage["unpriced_requests"] == 0  # the demo model is free


def test_a_failed_run_has_used_what_it_used(session: Session) -> None:
    run = answered(session, "hello", steps(Checkpoint("c", PRICED), BackendError("model_timeout", "Too slow.")))
    assert (run.status, run.usage["input_tokens"]) == (Run.Status.FAILED, 20)


def test_work_that_a_dead_worker_lost_was_paid_for_all_the_same(session: Session) -> None:
    run = claimed(asked(session, "hello"))
    with pytest.raises(Killed):
        advance(run, steps(Checkpoint("c", PRICED), Killed()))
    Run.objects.filter(pk=run.pk).update(status=Run.Status.RESUMING)
    assert carry_on(fresh(run), steps(Finished("c", PRICED))).usage["cost_micro_dollars"] == 150


def test_usage_is_summed_by_session_and_workspace(api: KeyClient, session: Session, workspace: Workspace) -> None:
    answered(session, "hello", steps(Finished("c", PRICED)))
    answered(open_session(workspace, actor=SYSTEM, name="other"), "hello", steps(Finished("c", UNPRICED)))
    assert told(api.get("/usage")) == BOTH
    assert told(api.get("/usage", session="talk")) == {**NOTHING, **PRICED}
    assert told(api.get("/usage", session="nowhere"))["code"] == "not_found"


def test_usage_is_summed_from_a_time_on_and_before_another(api: KeyClient, session: Session) -> None:
    answered(session, "hello", steps(Finished("c", PRICED)))
    Spending.objects.update(at=datetime(2030, 5, 1, tzinfo=UTC))
    spans = {("2030-05-01", "2030-05-02"): 1, ("2030-04-30T12:00:00+02:00", "2030-05-01T00:00:00Z"): 0}
    for (since, until), requests in spans.items():
        assert told(api.get("/usage", **{"from": since, "to": until}))["requests"] == requests
    assert api.get("/usage", **{"from": "yesterday"}).status_code == 422


def test_another_workspace_and_a_key_without_the_scope_learn_nothing(
    session: Session, workspace: Workspace, other_workspace: Workspace
) -> None:
    answered(session, "hello", steps(Finished("c", PRICED)))
    stranger = KeyClient(create_api_key(other_workspace, ["all"], actor=SYSTEM)[1])
    assert told(stranger.get("/usage")) == NOTHING
    assert stranger.get("/usage", session="talk").status_code == 404
    assert KeyClient(create_api_key(workspace, ["messages"], actor=SYSTEM)[1]).get("/usage").status_code == 403
