"""Writes a picture of the browser's again with 256 colours: a page has few, and the repository keeps every version."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

MAGIC = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
Colour = bytes


def shrink(png: bytes) -> bytes:
    """The same picture, a byte for each pixel. Takes what a browser makes: eight bits of red, green and blue."""
    chunks = list(_chunks(png))
    header = chunks[0][1]
    width, height, depth, kind = struct.unpack(">IIBB", header[:10])
    assert (depth, kind) == (8, 2), "This is no plain RGB."
    rows = _rows(zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT")), width, height)
    colours = Counter(row[x : x + 3] for row in rows for x in range(0, len(row), 3))
    palette = [colour for colour, _ in colours.most_common(COLOURS)]
    places = {colour: _nearest(colour, palette) for colour in colours}
    lines = b"".join(b"\0" + bytes(places[row[x : x + 3]] for x in range(0, len(row), 3)) for row in rows)
    written = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    ]
    return MAGIC + b"".join(_chunk(name, data) for name, data in written)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(MAGIC)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(data: bytes, width: int, height: int) -> list[bytes]:
    """Undo the filters that were put over each row."""
    size = width * 3
    rows: list[bytes] = []
    above = bytearray(size)
    for y in range(height):
        start = y * (size + 1)
        row = bytearray(data[start + 1 : start + 1 + size])
        _unfilter(data[start], row, above)
        rows.append(bytes(row))
        above = row
    return rows


def _unfilter(kind: int, row: bytearray, above: bytearray) -> None:
    for at in range(len(row)) if kind else ():
        left = row[at - 3] if at >= 3 else 0
        corner = above[at - 3] if at >= 3 else 0
        row[at] = (row[at] + _guess(kind, left, above[at], corner)) & 255


def _guess(kind: int, left: int, above: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 2:
        return above
    if kind == 3:
        return (left + above) // 2
    near = left + above - corner
    return min((left, above, corner), key=lambda one: abs(near - one))


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    return min(
        range(len(palette)), key=lambda place: sum((a - b) ** 2 for a, b in zip(palette[place], colour, strict=True))
    )
