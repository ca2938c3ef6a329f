"""Two weeks of a shop before the afternoon of the pictures: rows alone, as the dashboard counts them."""

import random
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from agents_app.models import Agent, PermissionRequest, Run, Spending, ToolCall
from sessions_app.models import Handoff, Pulse, Session, Workspace
from tests.screenshots.clockwork import NOW

DAYS = 14
# How many sessions begin in each hour of a day.
BUSY = [0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 7, 5, 6, 7, 8, 6, 5, 4, 3, 3, 2, 1, 0]
TOOLS = ["refund_order", "refund_order", "refund_order", "lookup_order", "write_document"]
# Out of thirty runs: the code with which they failed.
FAILURES = {3: "tool_error", 11: "model_timeout", 17: "tool_error"}


def tell_past_days() -> None:
    """Called after the afternoon was moved to its place."""
    workspace = Workspace.objects.get(name="demo")
    dice = random.Random(7)
    number = 0
    for hours_ago in range(DAYS * 24, 0, -1):
        hour = (NOW - timedelta(hours=hours_ago)).replace(minute=0)
        for _ in range(dice.randint(BUSY[hour.hour] // 2, BUSY[hour.hour])):
            number += 1
            _session(workspace, number, hour + timedelta(seconds=dice.randint(0, 3599)), dice)
    for name in ("worker", "beat"):
        Pulse.objects.update_or_create(name=name, defaults={"at": NOW - timedelta(seconds=2)})


def _session(workspace: Workspace, number: int, at: datetime, dice: random.Random) -> None:
    agent = Agent.objects.get(workspace=workspace, name="demo")
    session = Session.objects.create(workspace=workspace, name=f"past-{number}", status="closed", agent=agent.name)
    Session.objects.filter(pk=session.pk).update(created_at=at, status_changed_at=at, last_event_at=at)
    code = FAILURES.get(number % 30, "")
    ended = at + timedelta(seconds=dice.randint(4, 40))
    status = "failed" if code else "cancelled" if number % 23 == 0 else "completed"
    run = Run.objects.create(
        session=session, agent=agent, prompt="", status=status, error_code=code, started_at=at, ended_at=ended
    )
    Run.objects.filter(pk=run.pk).update(created_at=at)
    Spending.objects.create(
        workspace=workspace,
        agent=agent,
        run=run,
        model="demo",
        at=ended,
        requests=2,
        input_tokens=dice.randint(900, 4200),
        output_tokens=dice.randint(120, 700),
        cost_micro_dollars=dice.randint(4_000, 21_000),
    )
    if number % 3 == 0:
        _request(run, at, dice)
    if number % 6 == 0:
        _handoff(session, at, dice)


def _request(run: Run, at: datetime, dice: random.Random) -> None:
    tool, took = dice.choice(TOOLS), dice.lognormvariate(3.6, 0.8)
    call = ToolCall.objects.create(run=run, tool_call_id="1", tool_name=tool, risk_level="high", status="completed")
    request = PermissionRequest.objects.create(
        run=run,
        tool_call=call,
        risk_level="high",
        policy="default",
        expires_at=at + timedelta(minutes=10),
        status="expired" if took > 500 else "denied" if dice.random() < 0.14 else "approved",
        decided_at=at + timedelta(seconds=took),
        decided_by=f"user:{dice.choice(['olga', 'omar', 'supervisor'])}",
    )
    PermissionRequest.objects.filter(pk=request.pk).update(requested_at=at)


def _handoff(session: Session, at: datetime, dice: random.Random) -> None:
    waited = timedelta(seconds=dice.lognormvariate(4.4, 0.7))
    handoff = Handoff.objects.create(
        session=session,
        status="closed",
        requested_by="customer",
        operator=User.objects.get(username=dice.choice(["olga", "omar"])),
        accepted_at=at + waited,
        ended_at=at + waited + timedelta(minutes=6),
    )
    Handoff.objects.filter(pk=handoff.pk).update(requested_at=at)
