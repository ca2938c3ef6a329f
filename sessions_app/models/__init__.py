from sessions_app.models.api_key import ApiKey
from sessions_app.models.audit import AuditEntry
from sessions_app.models.event import Draft, StoredEvent
from sessions_app.models.handoff import Handoff
from sessions_app.models.idempotency import IdempotentRequest
from sessions_app.models.pulse import Pulse
from sessions_app.models.session import Session
from sessions_app.models.workspace import Membership, Workspace

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Draft",
    "Handoff",
    "IdempotentRequest",
    "Membership",
    "Pulse",
    "Session",
    "StoredEvent",
    "Workspace",
]
