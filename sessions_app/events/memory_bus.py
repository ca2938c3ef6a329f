"""The bus of a single process. Publishers and readers in other processes meet in the log instead."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from sessions_app.events.channels import TEXT_SECONDS, Piece

# Kept texts above this number are dropped, oldest first; the database checkpoint stands in for them.
MAX_TEXTS = 1000

Listener = Callable[[str, bytes], None]


class MemoryBus:
    """Calls every listener in the publisher's thread: a listener must hand over and return at once."""

    mode = "memory"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: frozenset[Listener] = frozenset()
        self._texts: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self.skipped = 0

    def publish(self, messages: Sequence[tuple[str, bytes]], piece: Piece | None = None) -> None:
        if piece is not None:
            self._keep(piece)
        for channel, payload in messages:
            for listener in self._listeners:
                listener(channel, payload)

    def forget(self, key: str) -> None:
        with self._lock:
            self._texts.pop(key, None)

    def listen(self, listener: Listener) -> None:
        with self._lock:
            self._listeners |= {listener}

    def unlisten(self, listener: Listener) -> None:
        with self._lock:
            self._listeners -= {listener}

    def texts(self, keys: Sequence[str]) -> list[bytes | None]:
        """The kept text under each key, None where there is none."""
        now = time.monotonic()
        with self._lock:
            kept = [self._texts.get(key) for key in keys]
        return [entry[1] if entry is not None and entry[0] > now else None for entry in kept]

    def _keep(self, piece: Piece) -> None:
        with self._lock:
            _, before = self._texts.pop(piece.key, (0.0, b""))
            before = before[: piece.at]
            text = before + piece.text if len(before) == piece.at else piece.whole()
            self._texts[piece.key] = (time.monotonic() + TEXT_SECONDS, text)
            while len(self._texts) > MAX_TEXTS:
                self._texts.popitem(last=False)
