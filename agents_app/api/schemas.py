"""What comes in (`…In`) and what goes out (`…Out`). No logic."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from agents_app.models import Grant, PermissionRequest


class RunOut(Schema):
    """`usage` and `error_detail` are for operators, as they are on a stream."""

    id: UUID
    session: str = Field(alias="session.name")
    agent: str = Field(alias="agent.name")
    status: str
    attempt: int
    usage: dict[str, Any]
    error_code: str
    error_detail: str
    cancel_requested_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class RunList(Schema):
    items: list[RunOut]
    next: str | None


class SteerIn(Schema):
    text: str


class ApprovalOut(Schema):
    actor: str
    role: str
    at: datetime
    reason: str


class UsageOut(Schema):
    """`cost_micro_dollars` leaves out the `unpriced_requests`: nobody knows what those cost."""

    requests: int
    input_tokens: int
    output_tokens: int
    tool_calls: int
    cost_micro_dollars: int
    unpriced_requests: int


class PermissionRequestOut(Schema):
    """`approvals` are the yeses so far; `edited_arguments`, when set, is what they are for.

    Secrets among the arguments are masked. A decision may send masks back as they are: they stand for what they hide.
    """

    id: UUID
    session: str = Field(alias="run.session.name")
    run_id: UUID
    tool_call_id: str = Field(alias="tool_call.tool_call_id")
    tool_name: str = Field(alias="tool_call.tool_name")
    kind: str
    options: list[str]
    status: str
    arguments: dict[str, Any]
    known: dict[str, Any]
    edited_arguments: dict[str, Any] | None
    reasoning: str
    risk_level: str
    policy: str
    required_role: str
    approvals_needed: int
    approvals: list[ApprovalOut]
    requested_at: datetime
    expires_at: datetime
    escalated_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    role: str
    reason: str

    @staticmethod
    def resolve_arguments(asked: PermissionRequest) -> dict[str, Any]:
        return dict(asked.masked(asked.arguments))

    @staticmethod
    def resolve_edited_arguments(asked: PermissionRequest) -> dict[str, Any] | None:
        return None if asked.edited_arguments is None else dict(asked.masked(asked.edited_arguments))

    @staticmethod
    def resolve_reasoning(asked: PermissionRequest) -> str:
        return str(asked.masked(asked.reasoning))


class PermissionRequestList(Schema):
    items: list[PermissionRequestOut]
    next: str | None


class ConditionIn(Schema):
    """`is` means the very same JSON; the others compare as numbers whatever looks like one."""

    argument: Annotated[str, Field(min_length=1, max_length=100)]
    operator: Literal["==", "!=", ">", ">=", "<", "<=", "like", "is"]
    value: Any


class GrantIn(Schema):
    """Without `conditions`: exactly the approved arguments. An argument that none of them names must be left out."""

    scope: Literal["session", "customer", "workspace"]
    expires_in_seconds: Annotated[int, Field(ge=1, le=366 * 24 * 3600)]
    conditions: Annotated[list[ConditionIn], Field(max_length=50)] | None = None


class DecisionIn(Schema):
    """A request says in `options` which decisions it takes.

    `arguments` replaces the proposed arguments, whole; `grant` allows the like from now on; both only with `approve`.
    `result` is what the call came to, as
    the agent will read it; with `done`, and with nothing else.
    """

    decision: Literal["approve", "deny", "run_again", "done", "give_up"]
    reason: Annotated[str, Field(max_length=2000)] = ""
    arguments: dict[str, Any] | None = None
    result: Any = None
    grant: GrantIn | None = None


class GrantOut(Schema):
    id: UUID
    tool: str
    conditions: list[dict[str, Any]]
    scope: str
    session: str | None = Field(None, alias="session.name")
    customer: str
    created_by: str
    role: str
    reason: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    uses: int
    last_used_at: datetime | None

    @staticmethod
    def resolve_conditions(grant: Grant) -> list[dict[str, Any]]:
        return grant.shown_conditions()


class GrantList(Schema):
    items: list[GrantOut]
    next: str | None


class PolicyRuleOut(Schema):
    """The smallest `priority` is tried first; `agent` is null for a rule that is for every agent."""

    id: int
    name: str
    version: int
    enabled: bool
    priority: int
    agent: str | None = Field(None, alias="agent.name")
    tool: str
    conditions: list[dict[str, Any]]
    effect: str
    role: str
    approvals: int
    separate_requester: bool
    timeout_seconds: int | None
    on_timeout: str
    message: str
    updated_at: datetime


class PolicyRuleList(Schema):
    items: list[PolicyRuleOut]


class DraftOut(Schema):
    draft_id: UUID
