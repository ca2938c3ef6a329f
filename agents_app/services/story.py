"""What happened in a session, as turns for a model: from the log, so whoever spoke is in it."""

import json
from collections.abc import Iterable, Iterator

from agents_app.backends.retelling import Side, Turn
from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Session, StoredEvent
from sessions_app.services.messages import Role

TYPES = (EventType.MESSAGE_COMPLETED, EventType.MESSAGE_DISCARDED, EventType.TOOL_RESULT)
# The end of a long story is enough to answer from, and a model has only so much room.
MAX_EVENTS = 400
MAX_CHARACTERS = 60_000
MAX_RESULT_CHARACTERS = 2_000


def story_of(session: Session) -> list[Turn]:
    """The newest turns, oldest of them first: messages, and what tools answered. Notes stay between operators."""
    newest = list(StoredEvent.objects.filter(session=session, type__in=TYPES).order_by("-seq")[:MAX_EVENTS])
    withdrawn = {row.data["message_id"] for row in newest if row.type == EventType.MESSAGE_DISCARDED}
    told = [row for row in newest if row.data.get("message_id") not in withdrawn]
    return list(_within_limits(_turn(row) for row in told))[::-1]


def _turn(row: StoredEvent) -> Turn:
    if row.type == EventType.TOOL_RESULT:
        result = json.dumps(row.data["result"], ensure_ascii=False)[:MAX_RESULT_CHARACTERS]
        return Turn(Side.ASIDE, f"The tool {row.data['tool_name']} answered: {result}")
    if row.visibility != Visibility.CUSTOMER:
        return Turn(Side.ASIDE, f"An operator told you: {row.data['text']}")
    return Turn(Side.CUSTOMER if row.data["role"] == Role.CUSTOMER else Side.OURS, row.data["text"])


def _within_limits(turns: Iterable[Turn]) -> Iterator[Turn]:
    """The turns, newest first, as long as they fit. The newest is cut rather than left out."""
    left = MAX_CHARACTERS
    for turn in turns:
        if left <= 0:
            return
        yield Turn(turn.side, turn.text[:left])
        left -= len(turn.text)
