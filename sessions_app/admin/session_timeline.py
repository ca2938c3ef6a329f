"""A stretch of a session's log as its page shows it: the workbench's transcript, and what only overseers look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sessions_app.admin.entry_pages import way_on
from sessions_app.events.reading import read_seen
from sessions_app.events.types import Event, EventType, Visibility
from sessions_app.models import Session
from sessions_app.transcript import fold
from sessions_app.views.entries import SHOWN, as_json, shown

# Events of one page; the log has them all.
EVENTS = 2_000
# Kinds that the workbench leaves to its event log.
MORE = {
    "status_change": "admin/sessions_app/session/_status_change.html",
    "run_completed": "admin/sessions_app/session/_run_completed.html",
}
TEMPLATES = [
    *({"kind": kind, "name": f"transcript/_{kind}.html"} for kind in sorted(SHOWN)),
    *({"kind": kind, "name": name} for kind, name in MORE.items()),
]


@dataclass(frozen=True, slots=True)
class Stretch:
    """`entries` is the fold, `shown` what templates print of it. `earlier` and `later` are `?before=` of other pages,
    None where there are none; the newest stretch is followed live, from `last_seq`.
    """

    entries: list[dict[str, Any]]
    shown: list[dict[str, Any]]
    last_seq: int
    earlier: int | None
    later: int | None

    @property
    def live(self) -> bool:
        return self.later is None


def read_stretch(session: Session, *, before: int | None = None) -> Stretch:
    """The newest events, or those before a seq. `session` is read anew with them."""
    newest = session.last_seq
    end = newest if before is None else min(max(before - 1, session.pruned_seq), newest)
    after = max(session.pruned_seq, end - EVENTS)
    events, last_seq = read_seen(session, Visibility.SUPERVISOR, after=after, limit=end - after)
    entries = _with_decisions(fold(events), events)
    return Stretch(
        entries=entries,
        shown=[{**entry, "way_on": way_on(entry)} for entry in shown(entries, MORE)],
        last_seq=last_seq,
        earlier=after + 1 if after > session.pruned_seq else None,
        later=None if before is None or end >= newest else end + EVENTS + 1,
    )


def _with_decisions(entries: list[dict[str, Any]], events: Iterable[Event]) -> list[dict[str, Any]]:
    """When each request was decided, and with which arguments it was asked, where others were approved."""
    asked, decided = {}, {}
    for event in events:
        if event.type is EventType.PERMISSION_REQUEST:
            asked[event.data["request_id"]] = event.data.get("arguments")
        elif event.type is EventType.PERMISSION_CLEARED:
            decided[event.data["request_id"]] = event.timestamp.isoformat()
    for entry in entries:
        request = entry.get("request_id")
        if entry["kind"] != "permission" or request not in decided:
            continue
        entry["decided_at"] = decided[request]
        if request in asked and asked[request] != entry.get("arguments"):
            entry["asked"] = asked[request]
            entry["asked_text"] = as_json(asked[request])
    return entries
