"""What one kind of reader sees of a stretch of the log, read at once: for transcripts and pages."""

from sessions_app.events.replay import BATCH, from_row
from sessions_app.events.types import Event, Visibility
from sessions_app.events.visibility import seen_by
from sessions_app.models import Session

# One answer holds at most about this much, so that no request can fill a process's memory.
MAX_CHARACTERS = 8_000_000


def read_seen(session: Session, level: Visibility, *, after: int, limit: int) -> tuple[list[Event], int]:
    """What a reader may see after a seq, and how far it reaches: so many events, or fewer when they are large.

    The session is read anew after them. So what its row says, the status above all, is never older than the events,
    and a stream that begins where they end brings whatever the row knows before them.
    """
    seen, last_seq, size = [], after, 0
    rows = session.events.filter(seq__gt=after).order_by("seq")[:limit]
    for row in rows.iterator(chunk_size=BATCH):
        last_seq, size = row.seq, size + len(str(row.data))
        event = seen_by(from_row(row, session.name), level)
        if event is not None:
            seen.append(event)
        if size > MAX_CHARACTERS:
            break
    session.refresh_from_db(from_queryset=Session.objects.select_related("workspace", "operator"))
    return seen, last_seq
