"""What comes in (`…In`) and what goes out (`…Out`). No logic."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema


class ErrorOut(Schema):
    code: str
    detail: str


def username(user: Any) -> str:
    return user.get_username() if user else ""


class SessionIn(Schema):
    agent: str = ""
    name: str = ""
    customer: Annotated[str, Field(max_length=200)] = ""
    language: Annotated[str, Field(max_length=20)] = ""
    metadata: dict[str, Any] = {}
    busy_policy: Literal["queue", "reject", "interrupt", "steer"] = "queue"


Priority = Literal["low", "normal", "high", "urgent"]


class SessionOut(Schema):
    """`operator` is who serves it, `waiting_since` is set while it waits for one."""

    id: UUID
    name: str
    status: str
    status_changed_at: datetime
    priority: Priority
    operator: str
    waiting_since: datetime | None
    last_message: str
    agent: str
    customer: str
    language: str
    metadata: dict[str, Any]
    busy_policy: str
    last_seq: int
    created_at: datetime
    last_event_at: datetime

    @staticmethod
    def resolve_operator(session: Any) -> str:
        return username(session.operator)


class SessionList(Schema):
    items: list[SessionOut]
    next: str | None


class CloseIn(Schema):
    reason: Annotated[str, Field(max_length=2000)] = ""


class HandoffIn(Schema):
    reason: Annotated[str, Field(max_length=2000)] = ""
    priority: Priority = "normal"


class HandoffOut(Schema):
    """`trigger` is who or which kind of rule asked; `operator` who serves or served last, "" while nobody has."""

    id: UUID
    session: str
    status: str
    reason: str
    priority: Priority
    trigger: str
    requested_by: str
    requested_at: datetime
    operator: str
    accepted_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_session(handoff: Any) -> str:
        return str(handoff.session.name)

    @staticmethod
    def resolve_operator(handoff: Any) -> str:
        return username(handoff.operator)


class HandoffList(Schema):
    items: list[HandoffOut]
    next: str | None


class TransferIn(Schema):
    """`to` is a member's user name; "" is the queue."""

    to: Annotated[str, Field(max_length=150)] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""


class ReturnIn(Schema):
    """`summary` is what the agent is told, in the words of whoever returns the session."""

    summary: Annotated[str, Field(max_length=4000)] = ""


class SummaryOut(Schema):
    summary: str


class MessageIn(Schema):
    text: str


class SaidOut(Schema):
    message_id: UUID
    run_id: UUID | None
    seq: int


class NoteIn(Schema):
    text: str


class NoteOut(Schema):
    note_id: UUID
    seq: int


class PresenceIn(Schema):
    """The session a member has open; null at the queue."""

    session: str | None = None


class PresenceOut(Schema):
    operator: str = Field(alias="user.username")
    session: str | None = Field(None, alias="session.name")
    seen_at: datetime


class PresenceList(Schema):
    items: list[PresenceOut]


class CannedReplyOut(Schema):
    shortcut: str
    text: str
    language: str


class CannedReplyList(Schema):
    items: list[CannedReplyOut]


class TicketIn(Schema):
    """`customer` shows what the customer may see; `operator` also reasoning, arguments and decisions."""

    level: Literal["customer", "operator", "supervisor"] = "customer"
    reader: Annotated[str, Field(max_length=100)] = ""


class TicketOut(Schema):
    token: str
    expires_at: datetime


class EventOut(Schema):
    seq: int
    type: str
    session: str
    run: str | None
    # A text, so that it is to the letter what a stream carries.
    timestamp: str
    data: dict[str, Any]


class TranscriptOut(Schema):
    """The newest part of the log folded into what a reader sees.

    It begins at `first_seq`; a stream should start after `last_seq`.
    """

    session: str
    status: str
    first_seq: int
    last_seq: int
    entries: list[dict[str, Any]]


class EventList(Schema):
    items: list[EventOut]
    next: int | None


class SessionHealthOut(Schema):
    session: str
    status: str
    last_seq: int
    streams: int


class CheckOut(Schema):
    ok: bool
    detail: str


class ReadyOut(Schema):
    status: Literal["ok", "degraded", "down"]
    checks: dict[str, CheckOut]


class HealthOut(Schema):
    status: Literal["ok"]
    version: str


class StatusOut(Schema):
    """This process, not the whole installation."""

    bus: str
    streams: int
    subscriptions: int
    reconnects: int
    lag_seconds: float
    skipped_publishes: int
    heartbeat_seconds: float


def errors(*statuses: int) -> dict[int, Any]:
    """The documented error answers of an operation, in the one error shape."""
    return dict.fromkeys((400, 401, 403, 422, *statuses), ErrorOut)
