"""A budget that is used up stops agents before they ask a provider again, and says which budget it was."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from agents_app.backends.base import Checkpoint, Finished
from agents_app.models import Agent, Budget, Run, Spending
from sessions_app.models import Session, Workspace
from tests.agents.scripted import Scripted, delta, settled, steps
from tests.agents.work import answered, said, types

pytestmark = pytest.mark.django_db(transaction=True)

SPENT = {"requests": 1, "input_tokens": 60, "output_tokens": 40, "tool_calls": 1, "cost_micro_dollars": 500_000}


def speaking() -> Scripted:
    return steps(delta("Hi."), settled("Hi."), Finished("c", SPENT))


def spend(run: Run, at: datetime, **more: Any) -> None:
    workspace = run.session.workspace
    Spending.objects.create(workspace=workspace, agent=run.agent, run=run, model="m", at=at, **{**SPENT, **more})


def stopped_by(run: Run) -> str:
    assert (run.status, run.error_code) == (Run.Status.FAILED, "budget_exceeded")
    return run.error_detail


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"limit_tokens": 100}, "The budget of 100 tokens a month for workspace shop is used up."),
        ({"limit_micro_dollars": 500_000}, "The budget of $0.50 a month for workspace shop is used up."),
    ],
)
def test_a_run_under_a_used_up_budget_fails_before_its_backend_begins(
    session: Session, workspace: Workspace, limits: dict[str, int], sentence: str
) -> None:
    Budget.objects.create(workspace=workspace, **limits)
    assert answered(session, "hello", speaking()).status == Run.Status.COMPLETED
    unasked = speaking()
    assert stopped_by(answered(session, "again", unasked)) == sentence
    assert unasked.assignments == []
    assert types(session)[-2:] == ["run_started", "run_failed"]


def test_a_run_that_uses_the_budget_up_is_stopped_before_its_next_request(
    session: Session, workspace: Workspace
) -> None:
    Budget.objects.create(workspace=workspace, limit_tokens=100)
    play = steps(Checkpoint("c", SPENT), Checkpoint("c", before_request=True), delta("Never said."))
    stopped_by(answered(session, "hello", play))
    assert said(session) == []


def test_the_answer_that_uses_the_budget_up_is_still_given(session: Session, workspace: Workspace) -> None:
    Budget.objects.create(workspace=workspace, limit_tokens=1)
    play = steps(delta("Hi."), settled("Hi."), Checkpoint("c", SPENT), Finished("c", {}))
    assert answered(session, "hello", play).status == Run.Status.COMPLETED
    assert said(session) == ["Hi."]


def test_an_agents_budget_stops_that_agent_alone(session: Session, workspace: Workspace, agent: Agent) -> None:
    other = Agent.objects.create(workspace=workspace, name="other")
    Budget.objects.create(workspace=workspace, agent=other, limit_tokens=0, period="day")
    assert answered(session, "hello", speaking()).status == Run.Status.COMPLETED
    Budget.objects.create(workspace=workspace, agent=agent, limit_tokens=100, period="total")
    assert "100 tokens in total for agent demo" in stopped_by(answered(session, "hello", speaking()))


def test_another_workspaces_budget_stops_nobody_here(session: Session, other_workspace: Workspace) -> None:
    Budget.objects.create(workspace=other_workspace, limit_tokens=0)
    assert answered(session, "hello", speaking()).status == Run.Status.COMPLETED


@pytest.mark.parametrize(("period", "counts"), [("day", 100), ("month", 200), ("total", 300)])
def test_what_was_used_before_the_period_does_not_count(session: Session, period: str, counts: int) -> None:
    run = answered(session, "hello")
    budget = Budget(workspace=session.workspace, period=period, limit_tokens=1)
    now = timezone.now()
    month = Budget(period="month").began(now)
    assert month is not None
    Spending.objects.all().delete()
    spend(run, now)
    spend(run, month)
    spend(run, month - timedelta(seconds=1))
    expected = 200 if period == "day" and month.date() == now.date() else counts
    used = budget.spendings().totals()
    assert used["input_tokens"] + used["output_tokens"] == expected


def test_days_and_months_begin_at_midnight_of_the_installation(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    at = datetime(2030, 5, 31, 22, 30, tzinfo=UTC)  # already June in Berlin
    with timezone.override("Europe/Berlin"):
        assert Budget(period="day").began(at) == datetime(2030, 5, 31, 22, tzinfo=UTC)
        assert Budget(period="month").began(at) == datetime(2030, 5, 31, 22, tzinfo=UTC)
    assert Budget(period="total").began(at) is None


def test_a_budget_limits_something_and_its_agent_is_of_its_workspace(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(workspace=workspace)
    foreign = Agent.objects.create(workspace=other_workspace, name="foreign")
    with pytest.raises(ValidationError, match="another workspace"):
        Budget(workspace=workspace, agent=foreign, limit_tokens=1).full_clean()


@pytest.mark.parametrize("base_url", ["ftp://models.example", "http://user:password@models.example", "models.example"])
def test_an_agents_address_is_http_and_holds_no_password(workspace: Workspace, base_url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Agent(workspace=workspace, name="a", base_url=base_url).full_clean()
    assert "base_url" in caught.value.error_dict
    Agent(workspace=workspace, name="a", base_url="http://localhost:11434/v1").full_clean()
