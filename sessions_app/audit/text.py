"""An audit entry as text, and the hash that ties it to the entry before.

The text is stored as it was hashed and never made again from columns: so what another version of this code, or of
JSON, would write for the same values does not matter.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

# What the first entry of a chain names as the hash before it.
GENESIS = "0" * 64
FORMAT = 1
# The action of an entry that says which private parts were forgotten. No other entry may say so.
ERASURE = "audit.erased"
# What is left out where there is nothing to say.
BLANK = dict.fromkeys(("workspace", "actor", "role", "session", "target", "erased"), "")


@dataclass(frozen=True, slots=True)
class Facts:
    """The public part of an entry, which is kept for ever. It holds nothing about a customer but ids.

    `private` is the digest of the part that may be forgotten. `erased` names the entries whose private part this one
    says was forgotten, as ranges; "" in every other entry.
    """

    chain: int
    seq: int
    prev: str
    workspace: str
    at: str
    actor_kind: str
    actor: str
    role: str
    action: str
    session: str
    target: str
    private: str
    erased: str = ""


def write_facts(facts: Facts) -> str:
    return _canonical({"format": FORMAT, **{name: value for name, value in asdict(facts).items() if value != ""}})


def read_facts(text: str) -> Facts:
    """Raises ValueError for anything that `write_facts` does not write."""
    values = json.loads(text)
    if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
        raise ValueError("This is not the text of an audit entry.")
    try:
        return Facts(**{**BLANK, **values})
    except TypeError as error:
        raise ValueError("This is not the text of an audit entry.") from error


def write_private(*, salt: str, actor: str, session: str, reason: str, details: Mapping[str, Any]) -> str:
    """The part that may be forgotten. The salt keeps its digest, which stays, from being guessed back to words.

    `actor` is the name of a customer who acted, `session` the session's name.
    """
    return _canonical({"salt": salt, "actor": actor, "session": session, "reason": reason, "details": details})


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime) -> str:
    """To the microsecond and in UTC, always of the same length."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
