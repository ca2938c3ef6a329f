"""What one kind of reader sees of an event. Decided here for every stream, transcript and dialect."""

from dataclasses import replace

from sessions_app.events.types import OPERATORS_ONLY_KEYS, RANK, Event, Visibility


def seen_by(event: Event, level: Visibility) -> Event | None:
    """The event as a reader of this level sees it, or None when it is not for them."""
    if RANK[event.visibility] > RANK[level]:
        return None
    hidden = OPERATORS_ONLY_KEYS.get(event.type)
    if hidden is None or event.open or level is not Visibility.CUSTOMER:
        return event
    return replace(event, data={key: value for key, value in event.data.items() if key not in hidden})
