"""Where a reader says it is, and what to make of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resume:
    """Where reading begins. `problem` is what to tell a reader whose own idea could not be used, "" if it could."""

    after: int
    problem: str = ""


def parse_cursor(text: str | None) -> Resume:
    """A seq from `Last-Event-ID` or `?after=`. Nothing means the beginning; nonsense too, and says so."""
    if text is None or text == "":
        return Resume(0)
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return Resume(int(text))
    return Resume(0, "cursor_unreadable")


def parse_cursors(text: str | None) -> Mapping[str, Resume]:
    """`name=seq,name=seq`: one cursor per session, as the multiplexed stream's ids carry them.

    A session that is not named begins at the beginning.
    """
    resumes: defaultdict[str, Resume] = defaultdict(lambda: Resume(0))
    for part in filter(None, (text or "").split(",")):
        name, equals, seq = part.rpartition("=")
        if equals:
            resumes[name] = parse_cursor(seq)
        else:
            # It names no session, so it may have been meant for any: all are told.
            resumes.default_factory = lambda: Resume(0, "cursor_unreadable")
    return resumes


def write_cursors(places: dict[str, int]) -> str:
    return ",".join(f"{name}={seq}" for name, seq in places.items())


def settle(resume: Resume, *, last_seq: int, pruned_seq: int) -> Resume:
    """Check a cursor against the log.

    One from the future is not believed: whoever holds it has seen another log, so everything is replayed. One from
    before the oldest kept event is believed, and told that something is gone.
    """
    if resume.after > last_seq:
        return Resume(0, "cursor_ahead")
    if resume.after < pruned_seq and not resume.problem:
        return Resume(resume.after, "log_pruned")
    return resume
