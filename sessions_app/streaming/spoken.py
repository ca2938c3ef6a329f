"""How much of each unfinished message one reader has been given.

Whatever the bus repeats, drops or reorders, on one connection the text of a message is contiguous.
"""

from dataclasses import replace
from uuid import UUID

from sessions_app.events.replay import Unsettled
from sessions_app.events.types import CHUNKS, Event, EventType

STARTS = frozenset({EventType.MESSAGE_STARTED, EventType.REASONING_STARTED})
ENDS = frozenset({EventType.MESSAGE_COMPLETED, EventType.REASONING_COMPLETED, EventType.MESSAGE_DISCARDED})


class Gap(Exception):
    """Words are missing before this chunk: the text so far must be fetched."""


class Spoken:
    """The reader's place in every message that is being spoken, in characters."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        # Settled on this connection: words of theirs that are still under way are old news, not a gap.
        self._ended: set[str] = set()

    def note(self, event: Event) -> None:
        """Follow a durable event: messages start and end."""
        if event.type in STARTS:
            self._places.setdefault(event.data["message_id"], 0)
        elif event.type in ENDS:
            self._places.pop(event.data["message_id"], None)
            self._ended.add(event.data["message_id"])

    def trim(self, chunk: Event) -> Event | None:
        """What of a chunk is new to the reader, None when nothing is. Raises Gap when words are missing before it."""
        message_id, offset, text = chunk.data["message_id"], chunk.data["offset"], chunk.data["text"]
        if message_id in self._ended:
            return None
        place = self._places.get(message_id)
        if place is None or offset > place:
            raise Gap
        fresh = text[place - offset :]
        if not fresh:
            return None
        self._places[message_id] = place + len(fresh)
        return replace(chunk, data={"message_id": message_id, "offset": place, "text": fresh})

    def catch_up(self, unsettled: Unsettled, text: str, like: Event) -> Event | None:
        """A chunk that brings the reader up to `text`, the text so far; None when there is nothing new."""
        message_id = str(unsettled.message_id)
        self._places.setdefault(message_id, 0)
        return self.trim(replace(like, data={"message_id": message_id, "offset": 0, "text": text}))

    def forget_all_but(self, unsettled: list[Unsettled]) -> None:
        """Drop places of messages that are no longer being spoken."""
        alive: set[UUID] = {item.message_id for item in unsettled}
        self._places = {id: place for id, place in self._places.items() if UUID(id) in alive}


def is_chunk(event: Event) -> bool:
    return event.type in CHUNKS
