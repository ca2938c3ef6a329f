"""A large installation, made by PostgreSQL itself: one row by the ORM, and as many like it as are wanted."""

from collections.abc import Mapping
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from agents_app.models import Agent, PermissionRequest, Run, Spending, ToolCall
from sessions_app.actors import SYSTEM
from sessions_app.models import AuditChain, AuditEntry, Handoff, Membership, Session, StoredEvent, Workspace
from sessions_app.services.audit import write_audit

Row = TypeVar("Row", bound=Model)

WORKSPACES = 20
EVENTS, RUNS = 10, 2  # of a session
# Everything happened in the last 30 days, so that the longest time range has to count all of it.
DAYS = 30
AT = f"now() - (n::float / %(count)s) * interval '{DAYS} days'"


def fill(sessions: int) -> None:
    """Workspaces of equal size, agents, a superuser "root" and a supervisor "supervisor" of the first workspace."""
    for number in range(WORKSPACES):
        workspace = Workspace.objects.create(name=f"shop-{number}")
        Agent.objects.create(workspace=workspace, name=f"agent-{number}", model="demo", is_default=True)
        write_audit(workspace, "bench.began", actor=SYSTEM)
    User.objects.create_superuser("root")
    supervisor = User.objects.create_user("supervisor", is_staff=True)
    Membership.objects.create(user=supervisor, workspace=Workspace.objects.get(name="shop-0"), role="supervisor")
    _sessions(sessions)
    _agent_work(sessions)
    _audit(sessions)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _sessions(count: int) -> None:
    # Most are closed; of the others some wait.
    status = "CASE WHEN n / 20 %% 50 = 0 THEN 'waiting' WHEN n / 20 %% 10 = 1 THEN 'active' ELSE 'closed' END"
    template = Session.objects.create(workspace=_first(Workspace), name="template", status="closed", customer="x")
    columns = {
        "id": _uuid("session", "n"),
        "workspace_id": _one_of(Workspace),
        "name": "'session-' || n",
        "customer": "'customer-' || (n %% 30000)",
        "agent": f"'agent-' || (n %% {WORKSPACES})",
        "status": status,
        "last_seq": str(EVENTS),
        **dict.fromkeys(("created_at", "last_event_at", "status_changed_at"), AT),
    }
    many(template, count, columns)
    event = StoredEvent.objects.create(
        session=template,
        seq=0,
        type="message_completed",
        visibility="public",
        timestamp=timezone.now(),
        data={"message_id": "1", "role": "customer", "author": "carla", "text": "Where is my order? " * 5},
    )
    kinds = "ARRAY['message_started','message_completed','run_queued','run_started','tool_status']"
    columns = {
        "session_id": _uuid("session", f"n / {EVENTS}"),
        "seq": f"n %% {EVENTS} + 1",
        "type": f"({kinds})[n %% 5 + 1]",
        "timestamp": AT,
    }
    many(event, count * EVENTS, columns)
    handoff = Handoff.objects.create(session=template, status="closed", requested_by="customer")
    accepted = f"{AT} + (n %% 400) * interval '1 second'"
    columns = {
        "id": _uuid("handoff", "n"),
        "session_id": _uuid("session", "n * 5"),
        "requested_at": AT,
        "accepted_at": f"CASE WHEN n %% 10 > 0 THEN {accepted} END",
        "ended_at": f"{AT} + interval '10 minutes'",
    }
    many(handoff, count // 5, columns)


def _agent_work(count: int) -> None:
    session, agent = Session.objects.get(name="template"), _first(Agent)
    run = Run.objects.create(session=session, agent=agent, status="completed", prompt="refund my order")
    # At work, without a worker, parked and failed, each for its own sessions.
    status = (
        "CASE WHEN n < 200 THEN 'running' WHEN n < 700 THEN 'waiting' "
        "WHEN n / 20 %% 25 = 0 THEN 'failed' ELSE 'completed' END"
    )
    codes = "ARRAY['tool_error','model_timeout','budget_exceeded']"
    code = f"CASE WHEN n / 20 %% 25 = 0 THEN ({codes})[n / 20 %% 3 + 1] ELSE '' END"
    columns = {
        "id": _uuid("run", "n"),
        "session_id": _uuid("session", f"n %% {count}"),
        "agent_id": _one_of(Agent),
        "status": status,
        "error_code": code,
        "lease_until": "CASE WHEN n < 200 THEN now() + (n - 50) * interval '1 hour' END",
        "created_at": AT,
        "started_at": AT,
        "ended_at": f"CASE WHEN n >= 700 THEN {AT} + interval '5 seconds' END",
    }
    many(run, count * RUNS, columns)
    call = ToolCall.objects.create(run=run, tool_call_id="0", tool_name="refund_order", risk_level="high")
    tools = "(ARRAY['refund_order','lookup_order','write_document','request_human'])[n %% 4 + 1]"
    many(
        call,
        count,
        {
            "id": f"n + {call.pk + 1}",
            "run_id": _uuid("run", "n"),
            "tool_call_id": "'call-' || n",
            "tool_name": tools,
            "status": "'completed'",
            "started_at": AT,
            "ended_at": AT,
        },
    )
    request = PermissionRequest.objects.create(
        run=run, tool_call=call, risk_level="high", policy="default", expires_at=timezone.now(), status="denied"
    )
    took = f"{AT} + (n %% 600) * interval '1 second'"
    pending = "n < 500"
    columns = {
        "id": _uuid("request", "n"),
        "run_id": _uuid("run", "n"),
        "tool_call_id": f"n + {call.pk + 1}",
        "status": f"CASE WHEN {pending} THEN 'pending' WHEN n / 20 %% 20 = 0 THEN 'expired' "
        "WHEN n / 20 %% 5 = 1 THEN 'denied' ELSE 'approved' END",
        "requested_at": AT,
        "expires_at": f"{AT} + interval '10 minutes'",
        "decided_at": f"CASE WHEN NOT {pending} THEN {took} END",
        "decided_by": f"CASE WHEN {pending} THEN '' ELSE 'user:operator-' || (n %% 40) END",
    }
    many(request, count // 2, columns)
    spending = Spending.objects.create(
        workspace=agent.workspace, agent=agent, run=run, model="demo", requests=1, input_tokens=900, output_tokens=90
    )
    columns = {
        "workspace_id": _one_of(Workspace),
        "agent_id": _one_of(Agent),
        "run_id": _uuid("run", "n"),
        "at": AT,
        "cost_micro_dollars": "n %% 5000",
    }
    many(spending, count * RUNS, columns)


def _audit(count: int) -> None:
    template = AuditEntry.objects.order_by("id").latest("id")
    digest = "md5({0} || n) || md5('b' || n)"
    columns = {
        "chain_id": _one_of(AuditChain),
        # Far from what is written while the pages are asked for: the heads of the chains do not know of these.
        "seq": "n + 1000000",
        "prev": digest.format("'p'"),
        "hash": digest.format("'h'"),
        "session": _uuid("session", "n"),
        "action": "(ARRAY['session.read','permission.approved','handoff.accepted'])[n %% 3 + 1]",
        "actor": "'operator-' || (n %% 40)",
        "at": AT,
    }
    many(template, count, columns)


def many(template: Model, count: int, columns: Mapping[str, str]) -> None:
    """Rows as the template but for these columns, each an SQL expression of `n`, which counts from 0."""
    meta = template._meta
    every = {str(field.column): field for field in meta.concrete_fields}
    names = [name for name, field in every.items() if name in columns or not field.primary_key]
    chosen = ", ".join(f"{columns[name]} AS {name}" if name in columns else f"t.{name}" for name in names)
    table = meta.db_table
    statement = (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} t, "
        f"generate_series(0, {count} - 1) AS n WHERE t.{meta.pk.column} = %(pk)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"pk": template.pk, "count": count})


def _first(model: type[Row]) -> Row:
    return model._default_manager.order_by("pk")[0]


def _uuid(kind: str, number: str) -> str:
    return f"md5('{kind}' || ({number})::text)::uuid"


def _one_of(model: type[Model]) -> str:
    """Rows of the same place in their tables belong together: session 7 and its runs lie in one workspace."""
    keys = ",".join(str(pk) for pk in model._default_manager.order_by("pk").values_list("pk", flat=True))
    return f"(ARRAY[{keys}])[n %% {WORKSPACES} + 1]"
