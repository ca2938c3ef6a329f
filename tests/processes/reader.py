"""A strict reader of a session's stream: it reconnects by its cursor and believes nothing it can check."""

import http.client
import os
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.patience import PATIENCE_SECONDS
from tests.processes.assembly import CHUNKS, Assembly, Violation
from tests.processes.wire import Block, Cut, Frame, HungUp, blocks, open_stream

# A stream that says nothing for so long, heartbeats included, counts as hung.
SILENCE_SECONDS = 30 + PATIENCE_SECONDS
REFUSED_SECONDS = 0.02
CUT_SECONDS = 0.4
CUT_BYTES = 6000


class Reader:
    """Reads in a thread of its own, from one address after the other. Used with `with`.

    `cuts` connections are cut by the reader itself, each after a random number of bytes or a random time; the seed is
    printed, and `READER_SEED` repeats it. `keep` makes of an event what is worth keeping, where events are large.
    """

    def __init__(
        self,
        urls: Sequence[str],
        session: str,
        *,
        key: str,
        cuts: int = 0,
        keep: Callable[[Frame], Frame] = lambda event: event,
    ) -> None:
        self.urls = list(urls)
        self.path = f"/api/v1/sessions/{session}/events"
        self.key = key
        self.cuts_left = cuts
        self._keep = keep
        self.events: list[Frame] = []
        # The `connected` events.
        self.opened: list[Frame] = []
        # When each event came, on the clock its own timestamp is from.
        self.received_at: list[float] = []
        self.retries: list[int] = []
        self.chunks = 0
        self.ends: Counter[str] = Counter()
        # Messages whose chunks on one connection were the completed text, and those that ended before their last.
        self.whole = 0
        self.cut_short = 0
        seed = int(os.environ.get("READER_SEED") or int.from_bytes(os.urandom(4)))
        if cuts:
            print(f"READER_SEED={seed}")  # noqa: T201
        self._random = random.Random(seed)
        self._changed = threading.Condition()
        self._problem: BaseException | None = None
        self._leaving = False
        self._connection: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)

    @property
    def cursor(self) -> int:
        return self.events[-1]["seq"] if self.events else 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving = True
        self.hang_up()
        self._thread.join(SILENCE_SECONDS)
        if self._problem is not None and error is None:
            raise self._problem

    def hang_up(self) -> None:
        """Cut the connection from outside; the reader opens the next one unless it is leaving."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def seen(self, type: str) -> list[Frame]:
        return [event for event in list(self.events) if event["type"] == type]

    def wait(self, reached: Callable[["Reader"], bool], *, seconds: float = PATIENCE_SECONDS, what: str) -> None:
        """Return when `reached`, at the latest after so many seconds; raise what the reader has found wrong."""
        with self._changed:
            done = self._changed.wait_for(lambda: self._problem is not None or reached(self), seconds)
        if self._problem is not None:
            raise self._problem
        types = [event["type"] for event in self.events[-8:]]
        assert done, f"No {what} within {seconds} s; at {self.cursor} after {types}, ends {dict(self.ends)}."

    def wait_for(self, type: str, *, count: int = 1, seconds: float = PATIENCE_SECONDS) -> list[Frame]:
        self.wait(lambda reader: len(reader.seen(type)) >= count, seconds=seconds, what=f"{count} {type}")
        return self.seen(type)

    def wait_for_seq(self, seq: int, *, seconds: float = PATIENCE_SECONDS) -> None:
        self.wait(lambda reader: reader.cursor >= seq, seconds=seconds, what=f"event {seq}")

    def _run(self) -> None:
        turn = 0
        try:
            while not self._leaving:
                self._read_one_connection(self.urls[turn % len(self.urls)])
                turn += 1
        except Exception as problem:
            self._problem = problem
        with self._changed:
            self._changed.notify_all()

    def _read_one_connection(self, url: str) -> None:
        cut, patience = self._next_cut()
        assembly = Assembly()
        address = urlsplit(url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=patience)
        self._connection = connection
        try:
            answer = open_stream(connection, self.path, self.key, self.cursor)
            for block in blocks(connection, answer, cut):
                self._take(block, assembly)
            self.ends["ended by the server"] += 1
        except (HungUp, TimeoutError):
            # Whoever does not cut by itself expects at least heartbeats.
            if cut is None:
                raise Violation(f"The stream was silent for {SILENCE_SECONDS} s.") from None
            self.ends["cut by the reader"] += 1
            self.cuts_left -= 1
        except ConnectionRefusedError:
            self.ends["refused"] += 1
            time.sleep(REFUSED_SECONDS)
        except (OSError, http.client.HTTPException) as error:
            self.ends[type(error).__name__] += 1
        finally:
            connection.close()
            self.whole += assembly.whole
            self.cut_short += assembly.cut_short

    def _next_cut(self) -> tuple[Cut | None, float]:
        if self.cuts_left <= 0:
            return None, SILENCE_SECONDS
        seconds = self._random.uniform(0.01, CUT_SECONDS)
        return Cut(self._random.randint(1, CUT_BYTES), time.monotonic() + seconds), seconds

    def _take(self, block: Block, assembly: Assembly) -> None:
        if block.retry is not None:
            self.retries.append(block.retry)
        event = block.event
        if event is None:
            return
        if event["seq"] is not None and event["seq"] != self.cursor + 1:
            raise Violation(f"{event['type']} {event['seq']} came after {self.cursor}.")
        assembly.take(event)
        with self._changed:
            if event["seq"] is not None:
                self.events.append(self._keep(event))
                self.received_at.append(time.time())
            elif event["type"] == "connected":
                self.opened.append(event)
            self.chunks += event["type"] in CHUNKS
            self._changed.notify_all()
