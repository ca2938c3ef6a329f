"""The versions of a rule, one beside the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_app.admin.showing import short
from agents_app.models import RuleVersion

# Rules that were changed more often are in the list of versions as a whole.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One version, and in which fields it differs from the one before: (field, before, after)."""

    version: RuleVersion
    differences: list[tuple[str, str, str]]


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
    return [(field, short(was.get(field)), short(now[field])) for field in now if was.get(field) != now[field]]
