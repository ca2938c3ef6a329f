from agents_app.admin import (
    agents,
    approvals,
    entry_pages,
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
    "entry_pages",
    "grants",
    "mcp_servers",
    "permissions",
    "rule_versions",
    "rules",
    "runs",
    "spending",
    "tool_calls",
]
