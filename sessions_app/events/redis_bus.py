"""Publishing to Redis, with a breaker: a Redis that hangs costs the caller who finds it out a second, and nobody else.

Whether it is back is found out by a thread of its own, which then tells readers about everything they were not told.
"""

import logging
import threading
import time
from collections.abc import Sequence

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from sessions_app.events.channels import TEXT_SECONDS, Piece
from sessions_app.events.encoding import grown_to_wire

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 1.0
# After a failure Redis is asked this often whether it is back; the log carries the events meanwhile.
PAUSE_SECONDS = 0.5
# Sends every reader of a channel to the log: it claims to be further than anybody.
LOOK_INTO_THE_LOG = grown_to_wire(2**62)
# With more channels than this the heartbeat has to do.
MAX_OWED = 10_000


class RedisBus:
    """One connection pool per process; connections are opened when first needed."""

    mode = "redis"

    def __init__(self, url: str) -> None:
        # One retry and no wait: it replaces a pooled connection that the server closed while it was idle. Not after
        # a timeout: a server that hangs would only hang again.
        self._client = redis.Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )
        self._lock = threading.Lock()
        self._away = False
        self._owed: set[str] = set()
        self.skipped = 0

    def publish(self, messages: Sequence[tuple[str, bytes]], piece: Piece | None = None) -> None:
        channels = [channel for channel, _ in messages]
        if self._skips(channels):
            return
        pipeline = self._client.pipeline(transaction=False)
        if piece is not None:
            # At the beginning SET: an earlier attempt may have left text under the same key. Afterwards SETRANGE, not
            # APPEND: a retry repeats it without harm, and where pieces were lost NULs stand in for them, so that no
            # reader takes the rest for the beginning.
            if piece.at == 0:
                pipeline.set(piece.key, piece.text, ex=TEXT_SECONDS)
            else:
                pipeline.strlen(piece.key)
                pipeline.setrange(piece.key, piece.at, piece.text)
                pipeline.expire(piece.key, TEXT_SECONDS)
        for channel, payload in messages:
            pipeline.publish(channel, payload)
        try:
            answers = pipeline.execute()
            if piece is not None and piece.at > 0 and answers[0] < piece.at:
                # The key was lost or missed a piece while Redis was away: write the text anew.
                self._client.set(piece.key, piece.whole(), ex=TEXT_SECONDS)
        except (RedisError, OSError) as error:
            self._pause(error, channels)

    def forget(self, key: str) -> None:
        if self._skips([]):
            return
        try:
            self._client.delete(key)
        except (RedisError, OSError) as error:
            self._pause(error, [])

    def _skips(self, channels: Sequence[str]) -> bool:
        with self._lock:
            if self._away:
                self._owe(channels)
            return self._away

    def _owe(self, channels: Sequence[str]) -> None:
        self.skipped += 1
        if len(self._owed) < MAX_OWED:
            self._owed.update(channels)

    def _pause(self, error: Exception, channels: Sequence[str]) -> None:
        with self._lock:
            self._owe(channels)
            found_out = not self._away
            self._away = True
        if found_out:
            # The type alone: a connection error's text may carry the address with its password.
            logger.warning("The bus is away (%s); readers follow the log.", type(error).__name__)
            threading.Thread(target=self._wait_for_return, name="bus-return", daemon=True).start()

    def _wait_for_return(self) -> None:
        while self._away:
            time.sleep(PAUSE_SECONDS)
            try:
                self._client.ping()
                self._make_good()
            except (RedisError, OSError):
                continue
        logger.info("The bus is back.")

    def _make_good(self) -> None:
        """Publish again once nothing is owed any more."""
        while True:
            with self._lock:
                owed = list(self._owed)
                self._away = bool(owed)
            if not owed:
                return
            pipeline = self._client.pipeline(transaction=False)
            for channel in owed:
                pipeline.publish(channel, LOOK_INTO_THE_LOG)
            pipeline.execute()
            with self._lock:
                self._owed.difference_update(owed)
