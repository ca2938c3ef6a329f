"""One connection: what it may send us, and how much of ours may wait in it.

The transport pauses its producer, the channel, from the first unsent byte to the last, so `flushed`
is set exactly when everything written is in the kernel. Memory per reader is then one piece of a
body plus the kernel's own buffer.
"""

import asyncio
import json
import logging
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web import http

from config.serving.request import WebRequest

if TYPE_CHECKING:
    from config.serving.server import Server

logger = logging.getLogger(__name__)

# The kernel doubles it. With less, a segment of the loopback interface does not fit, and each write
# waits for a delayed acknowledgement.
STREAM_SEND_BUFFER_BYTES = 64 * 1024
# How long a refused sender may go on talking. Closing at once would reset the connection under it,
# and it would never read why.
LINGER_SECONDS = 5


def _too_large_answer() -> bytes:
    body = json.dumps({"code": "too_large", "detail": "The request body is too large."}).encode()
    head = (
        b"HTTP/1.1 413 Request Entity Too Large\r\n"
        b"Content-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    )
    return head % len(body) + body


class Channel(http.HTTPChannel):
    """An HTTP/1.1 connection with back-pressure and a limit on request bodies."""

    requestFactory = WebRequest
    factory: "HTTPFactory"
    # Twisted annotates this as the bare interface, which lacks most of what a TCP transport has.
    transport: Any

    def __init__(self) -> None:
        super().__init__()
        self.flushed = asyncio.Event()
        self.flushed.set()
        self.refused = False
        self._linger: Any = None

    def connectionMade(self) -> None:
        self.factory.server.channels.add(self)
        super().connectionMade()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.flushed.set()
        self.factory.server.channels.discard(self)
        if self._linger is not None and self._linger.active():
            self._linger.cancel()
        super().connectionLost(reason)

    def pauseProducing(self) -> None:
        self.flushed.clear()
        super().pauseProducing()

    def resumeProducing(self) -> None:
        self.flushed.set()
        super().resumeProducing()

    def stopProducing(self) -> None:
        self.flushed.set()
        super().stopProducing()

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        self.write(b"".join(iovec))

    async def wait_flushed(self, stall_seconds: float) -> None:
        """Wait until the kernel has everything; drop a reader that takes nothing for so long.

        A slow reader that still reads is left alone.
        """
        while not self.flushed.is_set():
            before = self._progress()
            try:
                async with asyncio.timeout(stall_seconds):
                    await self.flushed.wait()
            except TimeoutError:
                if self._progress() == before:
                    logger.warning("dropped a reader that took nothing for %g s", stall_seconds)
                    self.abort()
                    return

    def _progress(self) -> tuple[int, int]:
        return len(self.transport.dataBuffer), self.transport.offset

    def expect_slow_reader(self, stall_seconds: float) -> None:
        """Keep little of an event stream in the kernel, and let it notice a peer that is gone."""
        handle = self.transport.getHandle()
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, STREAM_SEND_BUFFER_BYTES)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            milliseconds = max(1, int(stall_seconds * 1000))
            handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)

    def abort(self) -> None:
        """Close now, whatever is still unsent."""
        self.transport.abortConnection()

    def allHeadersReceived(self) -> None:
        # Before the base class can answer "100 Continue" and invite the body.
        if self.length is not None and self.length > self.factory.server.max_body_bytes:
            self.refuse_body()
        else:
            super().allHeadersReceived()

    def refuse_body(self) -> None:
        """Answer 413, then listen to nothing until the sender has gone."""
        self.refused = True
        request = self.requests[-1]
        request.refuse(413, method=self._command, uri=self._path)
        self.setTimeout(None)
        self.transport.write(_too_large_answer())
        self.transport.loseWriteConnection()
        self._linger = self.callLater(LINGER_SECONDS, self.abort)

    def dataReceived(self, data: bytes) -> None:
        if not self.refused:
            super().dataReceived(data)

    def rawDataReceived(self, data: bytes) -> None:
        if not self.refused:
            super().rawDataReceived(data)

    def allContentReceived(self) -> None:
        if not self.refused:
            super().allContentReceived()


class HTTPFactory(http.HTTPFactory):
    """Makes a channel for each connection; HTTP/2 and WebSocket are not spoken."""

    # Twisted puts a proxy here that could switch to HTTP/2.
    protocol = Channel

    def __init__(self, server: "Server") -> None:
        super().__init__()
        self.server = server

    def log(self, request: http.Request) -> None:
        """Nothing: Twisted's own access line has the whole query string in it."""
