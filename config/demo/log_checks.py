"""What every log promises, whatever was said: no gap, no lost word, one end for each run. Pure functions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from config.demo.heard import Heard
from sessions_app.events.types import CHUNKS, RUN_ENDS

STARTED = frozenset({"message_started", "reasoning_started"})
COMPLETED = frozenset({"message_completed", "reasoning_completed"})


def missed_in_log(events: Sequence[Heard]) -> list[str]:
    """Everything that is wrong with a session's stream from its first event on, one line each."""
    return list(chain(_gaps(events), _words(events), _endings(events)))


def _gaps(events: Sequence[Heard]) -> Iterator[str]:
    for expected, seq in enumerate((event.seq for event in events if event.seq is not None), start=1):
        if seq != expected:
            yield f"seq {expected} was missed: {seq} came in its place."
            return


def _words(events: Sequence[Heard]) -> Iterator[str]:
    spoken: dict[str, str] = {}
    for event in events:
        message_id = event.data.get("message_id", "")
        if event.type in STARTED:
            spoken[message_id] = ""
        elif event.type in CHUNKS:
            if event.data["offset"] != len(spoken.get(message_id, "")):
                yield f"A chunk of {message_id} does not follow the words before it."
            spoken[message_id] = spoken.get(message_id, "") + event.data["text"]
        elif event.type == "message_discarded":
            spoken.pop(message_id, None)
        elif event.type in COMPLETED and event.run is not None:
            yield from _settled(event, spoken.pop(message_id, None))
    for message_id in spoken:
        yield f"What was begun as {message_id} was never completed."


def _settled(event: Heard, spoken: str | None) -> Iterator[str]:
    message_id, text = event.data["message_id"], event.data["text"]
    if spoken is None:
        yield f"{event.type} of {message_id} came without its beginning."
    elif not text:
        yield f"{event.type} of {message_id} has no text."
    elif spoken != text:
        yield f"The words heard of {message_id} are not its text: {spoken!r} instead of {text!r}."


def _endings(events: Sequence[Heard]) -> Iterator[str]:
    ends = Counter(event.run for event in events if event.type in RUN_ENDS)
    for run in dict.fromkeys(event.run for event in events if event.run is not None):
        if ends[run] != 1:
            yield f"The run {run} has {ends[run]} terminal events instead of one."
