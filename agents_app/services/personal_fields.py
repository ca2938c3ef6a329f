"""What becomes of each field of agent work when a customer is erased. See the list of the same name in sessions_app."""

from collections.abc import Mapping

from django.db.models import Model

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
    Steering,
    ToolCall,
)
from sessions_app.services.personal_fields import Blanked, Deleted, unnamed

DELETED = [Deleted(Conversation, "session")]
BLANKED = [
    Blanked(
        Run,
        "session",
        # Whose words it worked on, and who stopped it, may name the customer; the audit history has the others.
        blanks={"prompt": "", "requesters": [], "error_detail": "", "cancel_requested_by": None},
        kept=(
            "id session agent status message_id prompted epoch attempt stalls lease_until"
            " cancel_requested_at remind_at usage error_code created_at started_at ended_at"
        ),
    ),
    Blanked(
        Steering,
        "run__session",
        {"text": ""},
        "id run message_id told_in_attempt kept created_at",
    ),
    Blanked(
        ToolCall,
        "run__session",
        blanks={"proposed_arguments": {}, "effective_arguments": None, "result": None, "answer": ""},
        # A ruling holds the wording of rules and the terms of asking, and nothing of the call.
        kept=(
            "id run tool_call_id tool_name status risk_level idempotent ruling attempt message_id error_code"
            " started_at ended_at"
        ),
    ),
    Blanked(
        PermissionRequest,
        "run__session",
        blanks={
            "arguments": {},
            "edited_arguments": None,
            "known": {},
            "reasoning": "",
            "reason": "",
            "decided_by": unnamed("decided_by"),
        },
        kept=(
            "id run tool_call kind status risk_level policy required_role approvals_needed"
            " separate_requester timeout_seconds on_timeout requested_at expires_at warn_at warned_at"
            " escalated_at decided_at decided_by_user role"
        ),
    ),
    Blanked(Approval, "request__run__session", {"reason": ""}, "id request actor user role at"),
    Blanked(
        DraftReply,
        "session",
        blanks={},  # its text is an event
        kept="id session agent status requested_by error_code created_at expires_at remind_at ended_at",
    ),
    Blanked(
        Grant,
        "given_in",
        # Conditions hold values of arguments. `forgetting` revokes it and sees to those that name the customer.
        blanks={"reason": "", "conditions": []},
        kept=(
            "id workspace tool scope session customer given_in created_by role created_at expires_at revoked_at"
            " revoked_by uses last_used_at"
        ),
    ),
]
UNTOUCHED: Mapping[type[Model], str] = {
    Agent: "the workspace's",
    Budget: "the workspace's",
    McpServer: "the installation's",
    Order: "the demo shop's own books, which name no customer; a real shop erases its own",
    PolicyRule: "the workspace's",
    RuleVersion: "the workspace's",
    Spending: "numbers and a model's name: the bill",
}
