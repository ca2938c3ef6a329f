"""The versions of a rule, one beside the other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_app.models import RuleVersion

# Rules that were changed more often are in the list of versions as a whole.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One version, and in which fields it differs from the one before: (field, before, after)."""

    version: RuleVersion
    differences: list[tuple[str, str, str]]

    @property
    def wording(self) -> list[tuple[str, str]]:
        return spelled_out(self.version.wording)


def history_of(workspace_id: int, name: str) -> list[Step]:
    """The newest versions of a rule, newest first."""
    rows = RuleVersion.objects.filter(workspace=workspace_id, name=name).order_by("-number")
    versions = list(rows[: SHOWN + 1])
    before: list[RuleVersion | None] = [*versions[1:], None]
    return [Step(version, differences(then, version)) for version, then in zip(versions, before, strict=True)][:SHOWN]


def differences(before: RuleVersion | None, version: RuleVersion) -> list[tuple[str, str, str]]:
    """What a version changed. Of a deletion, and without an earlier version, nothing."""
    if before is None or version.change == version.Change.DELETED:
        return []
    return between(before.wording, version.wording)


def between(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The fields in which two wordings differ."""
    return [
        (_label(field), spelled(was.get(field)), spelled(now[field])) for field in now if was.get(field) != now[field]
    ]


def spelled_out(wording: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every field of a wording with its value, as people read it."""
    return [(_label(field), spelled(value)) for field, value in wording.items()]


def spelled(value: Any) -> str:
    """A field's value in words; conditions as they are spoken: amount > 100."""
    if isinstance(value, list):
        return " and ".join(f"{one['argument']} {one['operator']} {json.dumps(one['value'])}" for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _label(field: str) -> str:
    return field.replace("_", " ")
