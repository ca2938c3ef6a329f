from sessions_app.admin import (
    api_keys,
    audit,
    audit_chains,
    canned_replies,
    handoff_rules,
    log,
    memberships,
    sessions,
    workspaces,
)

__all__ = [
    "api_keys",
    "audit",
    "audit_chains",
    "canned_replies",
    "handoff_rules",
    "log",
    "memberships",
    "sessions",
    "workspaces",
]
