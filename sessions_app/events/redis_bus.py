"""Publishing to Redis, with a breaker: a Redis that hangs may cost one caller a second, not every caller."""

import logging
import threading
import time
from collections.abc import Sequence

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from sessions_app.events.channels import TEXT_SECONDS, Piece

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 1.0
# After a failure nothing is tried for this long; the log carries the events meanwhile.
PAUSE_SECONDS = 1.0


class RedisBus:
    """One connection pool per process; connections are opened when first needed."""

    mode = "redis"

    def __init__(self, url: str) -> None:
        # One retry and no wait: it replaces a pooled connection that the server closed while it was idle.
        self._client = redis.Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 1),
            retry_on_error=[redis.ConnectionError],
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self.skipped = 0

    def publish(self, messages: Sequence[tuple[str, bytes]], piece: Piece | None = None) -> None:
        if self._paused():
            return
        pipeline = self._client.pipeline(transaction=False)
        if piece is not None:
            # At the beginning SET, not APPEND: an earlier attempt may have left text under the same key.
            if piece.at == 0:
                pipeline.set(piece.key, piece.text, ex=TEXT_SECONDS)
            else:
                pipeline.append(piece.key, piece.text)
                pipeline.expire(piece.key, TEXT_SECONDS)
        for channel, payload in messages:
            pipeline.publish(channel, payload)
        try:
            answers = pipeline.execute()
            if piece is not None and piece.at > 0 and answers[0] != piece.at + len(piece.text):
                # The key was lost or missed a piece while Redis was away: write the text anew.
                self._client.set(piece.key, piece.whole(), ex=TEXT_SECONDS)
        except (RedisError, OSError) as error:
            self._pause(error)

    def forget(self, key: str) -> None:
        if self._paused():
            return
        try:
            self._client.delete(key)
        except (RedisError, OSError) as error:
            self._pause(error)

    def _paused(self) -> bool:
        paused = time.monotonic() < self._paused_until
        if paused:
            with self._lock:
                self.skipped += 1
        return paused

    def _pause(self, error: Exception) -> None:
        with self._lock:
            self.skipped += 1
            self._paused_until = time.monotonic() + PAUSE_SECONDS
        # The type alone: a connection error's text may carry the address with its password.
        logger.warning("The bus is away (%s); readers follow the log.", type(error).__name__)
