"""What comes in (`…In`) and what goes out (`…Out`). No logic."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema


class RunOut(Schema):
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


class PermissionRequestOut(Schema):
    id: UUID
    session: str = Field(alias="run.session.name")
    run_id: UUID
    tool_call_id: str = Field(alias="tool_call.tool_call_id")
    tool_name: str = Field(alias="tool_call.tool_name")
    status: str
    arguments: dict[str, Any]
    edited_arguments: dict[str, Any] | None
    reasoning: str
    risk_level: str
    policy: str
    requested_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    decided_by: str
    role: str
    reason: str


class PermissionRequestList(Schema):
    items: list[PermissionRequestOut]
    next: str | None


class DecisionIn(Schema):
    """`arguments` replaces the proposed arguments, whole; only with `approve`."""

    decision: Literal["approve", "deny"]
    reason: Annotated[str, Field(max_length=2000)] = ""
    arguments: dict[str, Any] | None = None
