"""Charts as shapes: plain values in, plain numbers out, which a template draws as SVG.

Shapes are stretched to whatever room there is; words and numbers stand around them, so that they keep their size.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import floor, log10

WIDTH, HEIGHT = 600.0, 120.0
# Of the room of one piece, what its bar takes.
BAR = 0.72


@dataclass(frozen=True)
class Series:
    """One row of values. None means that there is nothing to say. `tone` names its colour."""

    label: str
    tone: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Shape:
    """A bar (x, y, width, height), or a line as the points of a polyline."""

    tone: str
    x: str = ""
    y: str = ""
    width: str = ""
    height: str = ""
    points: str = ""


@dataclass(frozen=True)
class Piece:
    """What stands at one place of the axis: its shapes, and the words a pointer and a screen reader get."""

    label: str
    words: str
    cells: Sequence[str]
    x: str
    width: str
    shapes: Sequence[Shape] = field(default_factory=tuple)


@dataclass(frozen=True)
class Chart:
    """A picture with its axis and its numbers. `empty` when there is nothing to be seen in it."""

    name: str
    title: str
    description: str
    series: Sequence[Series]
    pieces: Sequence[Piece]
    lines: Sequence[Shape]
    top: str
    middle: str
    ends: Sequence[str]
    empty: bool


def bars(
    name: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    words: Callable[[float], str] = "{:,.0f}".format,
) -> Chart:
    """Stacked bars, one for each label."""
    totals = [sum(one.values[place] or 0 for one in series) for place in range(len(labels))]
    top = _top(max(totals, default=0), words)
    pieces = []
    for place, label in enumerate(labels):
        below, shapes = 0.0, []
        for one in series:
            value = one.values[place] or 0
            if value:
                below += value
                shapes.append(_bar(one.tone, place, len(labels), below / top, value / top))
        pieces.append(_piece(place, labels, label, series, words, shapes))
    return _chart(name, title, labels, series, words, top, pieces, [], empty=not any(totals))


def lines(
    name: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    words: Callable[[float], str] = "{:,.0f}".format,
) -> Chart:
    """A line for each series, and a dot for each value; a line ends where there is no value."""
    known = [value for one in series for value in one.values if value is not None]
    top = _top(max(known, default=0), words)
    pieces, drawn = [], []
    for place, label in enumerate(labels):
        pieces.append(_piece(place, labels, label, series, words, []))
    for one in series:
        for stretch in _stretches(one.values):
            points = [(_middle(place, len(labels)), HEIGHT * (1 - value / top)) for place, value in stretch]
            if len(points) == 1:
                # A single value is a short line, or it could not be seen.
                (x, y), reach = points[0], 0.3 * WIDTH / len(labels)
                points = [(x - reach, y), (x + reach, y)]
            drawn.append(Shape(one.tone, points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points)))
    return _chart(name, title, labels, series, words, top, pieces, drawn, empty=not known)


def nice(value: float) -> float:
    """A round number that is not smaller, for the top of an axis."""
    if value <= 0:
        return 1
    unit = 10.0 ** floor(log10(value))
    return next(step * unit for step in (1, 2, 4, 6, 8, 10) if step * unit >= value)


def _top(value: float, words: Callable[[float], str]) -> float:
    """The top of an axis whose middle, too, can be said in these words: half of one session cannot."""
    top = nice(value)
    return top if words(top / 2) not in (words(0), words(top)) else 2 * top


def _stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return [stretch for stretch in found if stretch]


def _middle(place: int, pieces: int) -> float:
    return WIDTH * (place + 0.5) / pieces


def _bar(tone: str, place: int, pieces: int, top: float, height: float) -> Shape:
    room = WIDTH / pieces
    return Shape(
        tone,
        x=f"{room * (place + (1 - BAR) / 2):.1f}",
        y=f"{HEIGHT * (1 - top):.1f}",
        width=f"{room * BAR:.1f}",
        # Little is still something.
        height=f"{max(HEIGHT * height, 0.8):.1f}",
    )


def _piece(
    place: int,
    labels: Sequence[str],
    label: str,
    series: Sequence[Series],
    words: Callable[[float], str],
    shapes: Sequence[Shape],
) -> Piece:
    cells = []
    for one in series:
        value = one.values[place]
        cells.append("—" if value is None else words(value))
    said = ", ".join(f"{one.label} {cell}" for one, cell in zip(series, cells, strict=True))
    room = WIDTH / len(labels)
    return Piece(label, f"{label}: {said}", cells, f"{room * place:.1f}", f"{room:.1f}", tuple(shapes))


def _chart(
    name: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    words: Callable[[float], str],
    top: float,
    pieces: Sequence[Piece],
    drawn: Sequence[Shape],
    *,
    empty: bool,
) -> Chart:
    ends = [labels[0], labels[len(labels) // 2], labels[-1]]
    largest = "nothing" if empty else words(top)
    description = f"{' and '.join(one.label for one in series)}, from {ends[0]} to {ends[-1]}, at most {largest}."
    return Chart(name, title, description, series, pieces, drawn, words(top), words(top / 2), ends, empty)
