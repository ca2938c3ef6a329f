"""The lists of the admin, grouped as people think of them and not as the code does."""

from collections.abc import Sequence
from typing import Any

# A model that is named nowhere stands under its app's own name, after these.
GROUPS: dict[str, Sequence[str]] = {
    "Sessions": ["Session", "Handoff", "StoredEvent"],
    "Permissions and policy": ["PermissionRequest", "PolicyRule", "RuleVersion", "Grant", "Approval"],
    "Agents": ["Agent", "Run", "ToolCall", "DraftReply", "Conversation", "McpServer"],
    "Spending": ["Spending", "Budget"],
    "Help for operators": ["CannedReply", "HandoffRule"],
    "Audit": ["AuditEntry", "AuditChain"],
    "People and access": ["Workspace", "Membership", "ApiKey", "User", "Group"],
    "Demo shop": ["Order"],
}
_PLACES = {name: (group, place) for group, names in GROUPS.items() for place, name in enumerate(names)}


def in_groups(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of apps, each with its models, as a list of groups of the same form."""
    groups: dict[str, list[tuple[int, dict[str, Any]]]] = {name: [] for name in GROUPS}
    for app in apps:
        for number, model in enumerate(app["models"], len(_PLACES)):
            group, place = _PLACES.get(model["object_name"], (str(app["name"]), number))
            groups.setdefault(group, []).append((place, model))
    return [
        {
            "name": name,
            # As a part of a class name.
            "app_label": name.lower().replace(" ", "-"),
            "app_url": "",
            "has_module_perms": True,
            "models": [model for _, model in sorted(models, key=lambda each: each[0])],
        }
        for name, models in groups.items()
        if models
    ]
