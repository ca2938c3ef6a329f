"""What was once said about where a chain is, kept at a place that the chain's owner cannot change."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from sessions_app.audit.text import moment
from sessions_app.audit.verifying import Link

BEGINNING = '{"anchor":1,'


@dataclass(frozen=True, slots=True)
class Anchor:
    """At this time the entry `seq` of the chain had this hash. `workspace` is its name, for people."""

    at: str
    chain: int
    hash: str
    seq: int
    workspace: str


def anchor(place: Link, *, chain: int, workspace: str, at: datetime) -> str:
    """One line."""
    said = Anchor(moment(at), chain, place.hash, place.seq, workspace)
    return json.dumps({"anchor": 1, **asdict(said)}, separators=(",", ":"), ensure_ascii=False)


def read_anchors(lines: Iterable[str]) -> Iterator[Anchor]:
    """Those among these lines, which may be a log's, with other words before each. Raises ValueError for half a one."""
    for number, line in enumerate(lines, start=1):
        if BEGINNING not in line:
            continue
        try:
            values = json.loads(line[line.index(BEGINNING) :])
            del values["anchor"]
            yield Anchor(**values)
        except (ValueError, TypeError) as error:
            raise ValueError(f"Line {number} is no whole anchor.") from error
