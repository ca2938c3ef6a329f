from agents_app.admin import (
    agents,
    approvals,
    grants,
    mcp_servers,
    permissions,
    rule_versions,
    rules,
    runs,
    spending,
    tool_calls,
)

__all__ = [
    "agents",
    "approvals",
    "grants",
    "mcp_servers",
    "permissions",
    "rule_versions",
    "rules",
    "runs",
    "spending",
    "tool_calls",
]
