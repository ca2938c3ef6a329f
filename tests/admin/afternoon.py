"""Something of everything that the dashboard counts, in a given workspace: in its range, before it, and now."""

from datetime import datetime, timedelta

from agents_app.models import Agent, PermissionRequest, Run, Spending, ToolCall
from sessions_app.models import Handoff, Session, Workspace

LONG_AGO = timedelta(days=400)


def spend_afternoon(workspace: Workspace, now: datetime, mark: str = "") -> None:
    """Everything lies within the last hour, or long ago."""
    agent = Agent.objects.create(workspace=workspace, name=f"helper{mark}", model="demo")
    sessions = [_session(workspace, f"{status}-{n}{mark}", status, now) for status in Session.Status for n in range(2)]
    old = _session(workspace, f"old{mark}", "closed", now - LONG_AGO)
    ends = [("completed", ""), ("completed", ""), ("failed", "tool_error"), ("failed", ""), ("cancelled", "")]
    for number, (status, code) in enumerate(ends):
        _run(sessions[0], agent, now, status=status, error_code=code, ended_at=now - timedelta(minutes=number + 1))
    _run(old, agent, now - LONG_AGO, status="failed", error_code="tool_error", ended_at=now - LONG_AGO)
    _run(sessions[0], agent, now, status="queued")
    _run(sessions[0], agent, now, status="running", lease_until=now - timedelta(seconds=1))
    _run(sessions[1], agent, now, status="running", lease_until=now + timedelta(hours=1))
    parked = _run(sessions[2], agent, now, status="waiting")
    for number, minutes in enumerate((0.05, 2, 3, 7, 20, 100)):
        _request(parked, f"pending-{number}", now - timedelta(minutes=minutes), status="pending")
    answers = [
        ("approved", "anna", 4, 10),
        ("approved", "anna", 3, 20),
        ("denied", "bert", 2, 70),
        ("expired", "", 1, 60),
    ]
    for status, by, minutes, took in answers:
        at = now - timedelta(minutes=minutes)
        asked = at - timedelta(seconds=took)
        _request(parked, f"{status}-{minutes}", asked, status=status, decided_at=at, decided_by=f"user:{by}")
    _request(parked, "old", now - LONG_AGO, status="denied", decided_at=now - LONG_AGO, decided_by="user:bert")
    for number, (asked_before, waited) in enumerate(((50, 1), (30, 10), (20, None))):
        asked = now - timedelta(minutes=asked_before)
        accepted = None if waited is None else asked + timedelta(minutes=waited)
        handoff = Handoff.objects.create(
            session=sessions[number], status="closed", requested_by="customer", accepted_at=accepted, ended_at=now
        )
        Handoff.objects.filter(pk=handoff.pk).update(requested_at=asked, ended_at=now - timedelta(minutes=1))
    for tokens, cost in ((1000, 2_000_000), (500, None)):
        Spending.objects.create(
            workspace=workspace,
            agent=agent,
            run=parked,
            model="demo",
            at=now - timedelta(minutes=3),
            requests=2,
            input_tokens=tokens,
            output_tokens=tokens // 10,
            cost_micro_dollars=cost,
        )


def _session(workspace: Workspace, name: str, status: str, at: datetime) -> Session:
    session = Session.objects.create(workspace=workspace, name=name, status=status)
    Session.objects.filter(pk=session.pk).update(created_at=at - timedelta(minutes=30))
    return session


def _run(session: Session, agent: Agent, at: datetime, **columns: object) -> Run:
    run = Run.objects.create(session=session, agent=agent, prompt="hello", **columns)
    Run.objects.filter(pk=run.pk).update(created_at=at - timedelta(minutes=20))
    return run


def _request(run: Run, name: str, asked: datetime, **columns: object) -> None:
    tool = "refund_order" if name.startswith(("approved", "pending")) else "write_document"
    call = ToolCall.objects.create(run=run, tool_call_id=name, tool_name=tool, risk_level="high")
    request = PermissionRequest.objects.create(
        run=run, tool_call=call, risk_level="high", policy="default", expires_at=asked + timedelta(hours=9), **columns
    )
    PermissionRequest.objects.filter(pk=request.pk).update(requested_at=asked)
