"""What becomes of each field when a customer is erased: words go, numbers stay.

Erasing works from this list, and a test holds every model and every field to it. The other app has a list of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Model, Value, When

from sessions_app.models import (
    Allowance,
    ApiKey,
    AuditChain,
    AuditEntry,
    CannedReply,
    Draft,
    Handoff,
    HandoffRule,
    IdempotentRequest,
    Membership,
    Presence,
    Pulse,
    Session,
    StoredEvent,
    Workspace,
)


@dataclass(frozen=True, slots=True)
class Blanked:
    """Rows of a session that stay, and what of them goes. `session` is the way from a row to its session's id."""

    model: type[Model]
    session: str
    blanks: Mapping[str, Any]
    # Names of fields, with spaces between.
    kept: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """Rows of a session that go as a whole."""

    model: type[Model]
    session: str


def unnamed(field: str) -> Case:
    """An actor's `kind:name` without the name where it is a customer's. Members and keys keep theirs."""
    return Case(When(**{f"{field}__startswith": "customer:"}, then=Value("customer")), default=F(field))


DELETED = [Deleted(StoredEvent, "session"), Deleted(Draft, "session"), Deleted(IdempotentRequest, "session")]
BLANKED = [
    Blanked(
        Handoff,
        "session",
        blanks={"reason": "", "summary": "", "speakers": [], "requested_by": unnamed("requested_by")},
        kept=(
            "id session status priority trigger requested_at since_seq after_hours_told operator accepted_at ended_at"
        ),
    ),
    Blanked(
        Session,
        "pk",
        # `erasing` gives it its new name.
        blanks={"customer": "", "metadata": {}, "last_message": ""},
        kept=(
            "id workspace name status status_changed_at operator priority agent language busy_policy epoch"
            " last_seq pruned_seq erased_at created_at last_event_at"
        ),
    ),
]
# Nothing in these is a customer's.
UNTOUCHED: Mapping[type[Model], str] = {
    Allowance: "counted under an HMAC; a visitor's are dropped with them, the rest after a day",
    ApiKey: "the product's",
    AuditChain: "hashes",
    AuditEntry: "its private part is forgotten by services/audit_erasing",
    CannedReply: "the workspace's",
    HandoffRule: "the workspace's",
    Membership: "an operator's",
    Presence: "where an operator looks; the session it names is without words by then",
    Pulse: "a process's",
    Workspace: "the tenant",
}


def erase_rows(session: UUID, deleted: Iterable[Deleted], blanked: Iterable[Blanked]) -> None:
    """Carry the lists out for one session. The caller holds its lock."""
    for each in deleted:
        each.model._default_manager.filter(**{each.session: session}).delete()
    for rows in blanked:
        rows.model._default_manager.filter(**{rows.session: session}).update(**rows.blanks)
