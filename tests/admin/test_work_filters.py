"""Requests, runs, calls and spending are found by how they stand, who had to do with them, and when it was."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from agents_app.models import Agent, PermissionRequest, Run, Spending, ToolCall
from sessions_app.actors import SYSTEM
from sessions_app.models import Session, Workspace
from sessions_app.services.sessions import open_session
from tests.admin.pages import address, listed
from tests.admin.rows import ask

Status = PermissionRequest.Status
HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def pending(session: Session, agent: Agent, now: datetime) -> PermissionRequest:
    """Six minutes old."""
    asked = ask(session, agent)
    PermissionRequest.objects.filter(pk=asked.pk).update(requested_at=now - timedelta(minutes=6))
    return asked


@pytest.fixture
def denied(workspace: Workspace, now: datetime) -> PermissionRequest:
    """Asked by another agent three hours ago, and denied within a minute."""
    mia = Agent.objects.create(workspace=workspace, name="mia", model="demo-2")
    asked = ask(open_session(workspace, actor=SYSTEM, agent="mia", name="other"), mia)
    ToolCall.objects.filter(pk=asked.tool_call_id).update(tool_name="depot_send")
    PermissionRequest.objects.filter(pk=asked.pk).update(
        status=Status.DENIED,
        requested_at=now - 3 * HOUR,
        decided_at=now - 3 * HOUR + timedelta(seconds=50),
        decided_by="user:olga",
        role="operator",
        reason="Not today.",
        risk_level="low",
        required_role="supervisor",
    )
    return asked


def found(client: Client, model: type[Model], **query: Any) -> list[Model]:
    """What the list shows. An address that the list does not understand would be answered with a redirect."""
    return listed(client, model, **{name: str(value) for name, value in query.items()})


def test_requests_are_found_by_what_the_dashboard_and_people_ask_for(
    supervising: Client, workspace: Workspace, pending: PermissionRequest, denied: PermissionRequest, now: datetime
) -> None:
    agent = denied.run.agent
    for query in (
        {"status__exact": "denied"},
        {"status__in": "denied,expired"},
        {"tool_call__tool_name": "depot_send"},
        {"run__agent__id__exact": agent.pk},
        {"decided_by": "user:olga"},
        {"risk_level": "low"},
        {"required_role": "supervisor"},
        {"requested_at__lt": (now - HOUR).isoformat()},
        {"decided_at__gte": (now - 4 * HOUR).isoformat(), "decided_at__lt": now.isoformat()},
        {"policy__exact": denied.policy, "run__exact": denied.run_id},
        {"q": "olga"},
        {"kind__exact": "approval", "run__session__workspace__id__exact": workspace.pk, "status__exact": "denied"},
    ):
        assert found(supervising, PermissionRequest, **query) == [denied], query
    assert found(supervising, PermissionRequest, requested_at__gte=(now - HOUR).isoformat()) == [pending]


@pytest.mark.parametrize(("seconds", "count"), [("60", 1), ("300", 1), ("900", 0), ("much", 0)])
def test_requests_that_wait_are_found_by_how_long(
    supervising: Client, pending: PermissionRequest, denied: PermissionRequest, seconds: str, count: int
) -> None:
    assert len(found(supervising, PermissionRequest, waiting=seconds)) == count


def test_what_waits_is_one_click_away_oldest_first(
    supervising: Client, workspace: Workspace, agent: Agent, pending: PermissionRequest, denied: PermissionRequest
) -> None:
    newer = ask(open_session(workspace, actor=SYSTEM, name="newer"), agent)
    page = supervising.get(address(PermissionRequest, "changelist"))
    assert page.context["pending"] == 2
    waiting = supervising.get(page.context["pending_address"]).context["cl"].result_list
    assert list(waiting) == [pending, newer]


def test_a_row_says_how_long_it_waits_or_took_and_leads_to_its_session(
    supervising: Client, pending: PermissionRequest, denied: PermissionRequest
) -> None:
    text = supervising.get(address(PermissionRequest, "changelist")).content.decode()
    assert "waits 6 min, 9 min left" in text or "waits 6 min, 10 min left" in text
    assert "took 50 s" in text and "Not today." in text and "order_number: 7" in text
    assert address(Session, "change", pending.run.session_id) in text


def test_deciders_are_offered_from_the_workspaces_one_supervises_alone(
    supervising: Client, operator: Any, foreign_rows: Any, pending: PermissionRequest
) -> None:
    text = supervising.get(address(PermissionRequest, "changelist")).content.decode()
    assert "decided_by=user%3Aoperator" in text and "member-theirs" not in text


@pytest.fixture
def stalled(session: Session, agent: Agent, now: datetime) -> Run:
    lost = now - timedelta(seconds=5)
    return Run.objects.create(session=session, agent=agent, prompt="…", status="running", lease_until=lost)


def test_runs_are_found_by_how_they_stand(
    supervising: Client, workspace: Workspace, agent: Agent, stalled: Run, denied: PermissionRequest, now: datetime
) -> None:
    parked = denied.run
    at_work, in_line, failed = (
        Run.objects.create(
            session=open_session(workspace, actor=SYSTEM, agent=agent.name, name=f"talk-{status}"),
            agent=agent,
            prompt="…",
            status=status,
            lease_until=now + HOUR if status == "running" else None,
            error_code="model_timeout" if status == "failed" else "",
        )
        for status in ("running", "queued", "failed")
    )
    standing = {
        word: set(found(supervising, Run, standing=word))
        for word in ("unfinished", "running", "stalled", "parked", "in_line", "misspelled")
    }
    assert standing == {
        "unfinished": {stalled, parked, at_work, in_line},
        "running": {at_work},
        "stalled": {stalled},
        "parked": {parked},
        "in_line": {in_line},
        "misspelled": set(),
    }
    assert found(supervising, Run, error_code="model_timeout") == [failed]
    assert found(supervising, Run, status__exact="running", lease_until__lt=now.isoformat()) == [stalled]
    assert len(found(supervising, Run, created_at__gte=(now - HOUR).isoformat())) == 5
    assert found(supervising, Run, created_at__lt=(now - HOUR).isoformat()) == []


def test_a_run_leads_to_its_calls_and_requests(supervising: Client, pending: PermissionRequest) -> None:
    text = supervising.get(address(Run, "changelist")).content.decode()
    for model, row in ((ToolCall, pending.tool_call), (PermissionRequest, pending)):
        query = f"{address(model, 'changelist')}?run__exact={pending.run_id}"
        assert query in text
        assert found(supervising, model, run__exact=pending.run_id) == [row]


def test_spending_is_found_by_agent_model_and_day(
    supervising: Client, workspace: Workspace, denied: PermissionRequest, pending: PermissionRequest, now: datetime
) -> None:
    def spend(run: Run, model: str, at: datetime) -> Spending:
        return Spending.objects.create(workspace=workspace, agent=run.agent, run=run, model=model, at=at, requests=1)

    old = spend(denied.run, "demo-2", now - timedelta(days=40))
    new = spend(pending.run, "demo", now)
    assert found(supervising, Spending, agent__id__exact=denied.run.agent_id) == [old]
    by_model = supervising.get(address(Spending, "changelist"), {"model": "demo"})
    assert list(by_model.context["cl"].result_list) == [new]
    assert found(supervising, Spending, at__gte=(now - HOUR).isoformat()) == [new]
    assert found(supervising, Spending, at__year=old.at.year, at__month=old.at.month, at__day=old.at.day) == [old]
