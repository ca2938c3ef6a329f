from sessions_app.models.allowance import Allowance
from sessions_app.models.api_key import ApiKey
from sessions_app.models.audit import AuditChain, AuditEntry
from sessions_app.models.canned_reply import CannedReply
from sessions_app.models.event import Draft, StoredEvent
from sessions_app.models.handoff import Handoff
from sessions_app.models.handoff_rule import HandoffRule
from sessions_app.models.idempotency import IdempotentRequest
from sessions_app.models.presence import Presence
from sessions_app.models.pulse import Pulse
from sessions_app.models.session import Session
from sessions_app.models.workspace import Membership, Workspace

__all__ = [
    "Allowance",
    "ApiKey",
    "AuditChain",
    "AuditEntry",
    "CannedReply",
    "Draft",
    "Handoff",
    "HandoffRule",
    "IdempotentRequest",
    "Membership",
    "Presence",
    "Pulse",
    "Session",
    "StoredEvent",
    "Workspace",
]
