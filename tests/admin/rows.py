"""One row of everything that the admin shows, in a given workspace."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from agents_app.models import (
    Agent,
    Approval,
    Budget,
    Conversation,
    DraftReply,
    Grant,
    McpServer,
    Order,
    PermissionRequest,
    PolicyRule,
    RuleVersion,
    Run,
    Spending,
    ToolCall,
)
from sessions_app.actors import SYSTEM
from sessions_app.models import (
    AuditChain,
    AuditEntry,
    CannedReply,
    Handoff,
    HandoffRule,
    Membership,
    Session,
    StoredEvent,
    Workspace,
)
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.sessions import open_session

Rows = dict[type[Model], Model]


def ask(session: Session, agent: Agent) -> PermissionRequest:
    """A refund that waits for somebody's permission, in a parked run."""
    run = Run.objects.create(session=session, agent=agent, prompt="refund order 7", status=Run.Status.WAITING)
    call = ToolCall.objects.create(
        run=run,
        tool_call_id="call-1",
        tool_name="refund_order",
        status=ToolCall.Status.WAITING_PERMISSION,
        risk_level="high",
        proposed_arguments={"order_number": 7},
        started_at=timezone.now(),
    )
    return PermissionRequest.objects.create(
        run=run,
        tool_call=call,
        arguments=call.proposed_arguments,
        risk_level="high",
        policy="default: refund_order asks a person",
        expires_at=timezone.now() + timedelta(minutes=10),
    )


def make_rows(workspace: Workspace, mark: str) -> Rows:
    """`mark` tells these rows from those of another call, also in the same workspace."""
    agent = Agent.objects.create(workspace=workspace, name=f"agent-{mark}", model="demo")
    session = open_session(workspace, actor=SYSTEM, agent=agent.name, name=f"session-{mark}")
    asked = ask(session, agent)
    user = User.objects.create_user(f"member-{mark}")
    rows: list[Model] = [
        workspace,
        agent,
        session,
        asked,
        asked.run,
        asked.tool_call,
        StoredEvent.objects.get(session=session),
        AuditChain.objects.get(workspace=workspace),
        AuditEntry.objects.filter(session=session.pk).latest("id"),
        Membership.objects.create(user=user, workspace=workspace),
        create_api_key(workspace, ["all"], actor=SYSTEM, label=f"key-{mark}")[0],
        Handoff.objects.create(session=session, requested_by="customer", operator=user),
        DraftReply.objects.create(session=session, agent=agent, requested_by="anna"),
        CannedReply.objects.create(workspace=workspace, shortcut=f"hello-{mark}", text="Hello!"),
        HandoffRule.objects.create(workspace=workspace, name=f"handoff-{mark}", kind="vip"),
        Conversation.objects.create(session=session, text="[]"),
        Approval.objects.create(request=asked, actor="user:anna", role="operator"),
        PolicyRule.objects.create(workspace=workspace, name=f"rule-{mark}", effect="ask", agent=agent),
        RuleVersion.objects.create(
            workspace=workspace, name=f"rule-{mark}", number=1, change="added", wording={"agent": "", "effect": "ask"}
        ),
        Grant.objects.create(
            workspace=workspace,
            tool="refund_order",
            scope=Grant.Scope.SESSION,
            session=session,
            created_by="user:anna",
            expires_at=timezone.now() + timedelta(hours=1),
        ),
        McpServer.objects.create(
            workspace=workspace, name=f"mcp-{mark}", prefix=f"m_{McpServer.objects.count()}", url="http://x"
        ),
        Budget.objects.create(workspace=workspace, agent=agent, limit_tokens=1000),
        Spending.objects.create(workspace=workspace, agent=agent, run=asked.run, model="demo", requests=1),
        Order.objects.create(
            workspace=workspace, number=Order.objects.count() + 1, item=f"lamp-{mark}", total_cents=100
        ),
    ]
    return {type(row): row for row in rows}
