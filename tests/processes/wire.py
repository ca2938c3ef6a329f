"""A stream as bytes: opened by a cursor, cut into blocks, each block read by the letter."""

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.processes.assembly import Violation

PIECE_BYTES = 65536
Frame = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """What one block of a stream held."""

    event: Frame | None
    retry: int | None


@dataclass(frozen=True)
class Cut:
    """Where a reader hangs up by itself: after so many bytes, or at this moment."""

    received: int
    at: float


class HungUp(Exception):
    """The cut was reached."""


def open_stream(connection: http.client.HTTPConnection, path: str, key: str, cursor: int) -> http.client.HTTPResponse:
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
    if cursor:
        headers["Last-Event-ID"] = str(cursor)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    if answer.status != 200 or answer.headers.get_content_type() != "text/event-stream":
        raise Violation(f"The stream answered {answer.status}: {answer.read(500)!r}")
    return answer


def blocks(
    connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, cut: Cut | None
) -> Iterator[Block]:
    """The blocks that came whole, until the server ends the stream. Raises HungUp at the cut."""
    pending = b""
    received = 0
    while data := answer.read1(PIECE_BYTES if cut is None else min(PIECE_BYTES, cut.received - received)):
        received += len(data)
        *whole, pending = (pending + data).split(b"\n\n")
        yield from map(parse, whole)
        if cut is None:
            continue
        left = cut.at - time.monotonic()
        if received >= cut.received or left <= 0:
            raise HungUp
        if connection.sock is not None:
            connection.sock.settimeout(left)


def parse(block: bytes) -> Block:
    """Only what the native stream may hold: one `id`, one `data`, `retry`, comments."""
    fields: dict[str, str] = {}
    for line in block.decode().split("\n"):
        name, colon, value = line.partition(": ")
        if not colon or name in fields or name not in ("id", "data", "retry", ""):
            raise Violation(f"Not a line of a native stream: {line[:80]!r}")
        fields[name] = value
    retry = int(fields["retry"]) if "retry" in fields else None
    if "data" not in fields:
        return Block(None, retry)
    event: Frame = json.loads(fields["data"])
    if fields.get("id") != (None if event["seq"] is None else str(event["seq"])):
        raise Violation(f"{event['type']} {event['seq']} carries the id {fields.get('id')!r}.")
    return Block(event, retry)
