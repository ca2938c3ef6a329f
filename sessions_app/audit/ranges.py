"""Numbers of entries, as an entry names them: `3-5,9`."""

from collections.abc import Iterable, Iterator
from itertools import groupby


def write_ranges(numbers: Iterable[int]) -> list[str]:
    """Ascending numbers as ranges, each of them a word."""
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    return [_word([number for _, number in run]) for _, run in runs]


def read_ranges(text: str) -> Iterator[tuple[int, int]]:
    """First and last of each range. Raises ValueError for what is none."""
    for word in text.split(",") if text else ():
        first, _, last = word.partition("-")
        yield int(first), int(last or first)


def _word(run: list[int]) -> str:
    return f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0])
