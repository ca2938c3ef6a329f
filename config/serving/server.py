"""Daphne's server with one listening socket, back-pressure, prompt reaping and a graceful end."""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import daphne.server
from twisted.internet import reactor as twisted_reactor
from twisted.logger import LogEvent, LogLevel, globalLogBeginner

from config.serving import access_log
from config.serving.channel import Channel, HTTPFactory
from config.serving.request import WebRequest
from config.serving.transport import Transport

logger = logging.getLogger(__name__)

# The module object fakes an interface that the type checker cannot know.
reactor: Any = twisted_reactor

Message = dict[str, Any]

# A body larger than this is written piece by piece, each after the one before has left.
PIECE_BYTES = 64 * 1024
# How long an application may go on after its reader has left, before it is cancelled.
CLOSE_SECONDS = 5
CANCEL_SECONDS = 2
DRAIN_POLL_SECONDS = 0.02


def _pieces(message: Message) -> Iterator[Message]:
    body = message.get("body", b"")
    for start in range(0, len(body) - PIECE_BYTES, PIECE_BYTES):
        yield {**message, "body": body[start : start + PIECE_BYTES], "more_body": True}
    last = max(0, (len(body) - 1) // PIECE_BYTES * PIECE_BYTES)
    yield {**message, "body": body[last:]} if last else message


def _log_twisted_failure(event: LogEvent) -> None:
    if event["log_level"] >= LogLevel.error:
        failure = event.get("log_failure")
        logger.error("inside Twisted: %s", failure.getTraceback() if failure else event["log_format"])


class Server(daphne.server.Server):
    """Serves one ASGI application on one socket until it is told to stop.

    The first SIGTERM or SIGINT drains: nothing new is accepted, `on_drain` is called to end the
    open streams, and what is being answered is answered. The second one stops at once.
    """

    def __init__(
        self,
        application: Any,
        *,
        listening: socket.socket,
        on_drain: Callable[[], None],
        drain_seconds: float,
        stall_seconds: float,
        max_body_bytes: int,
    ) -> None:
        super().__init__(
            application,
            endpoints=[f"fd:fileno={listening.fileno()}"],
            request_buffer_size=PIECE_BYTES,
            server_name="",
            application_close_timeout=CLOSE_SECONDS,
        )
        self.listening = listening
        self.on_drain = on_drain
        self.drain_seconds = drain_seconds
        self.stall_seconds = stall_seconds
        self.max_body_bytes = max_body_bytes
        self.draining = False
        self.hurried = False
        self.connections: dict[WebRequest, dict[str, Any]] = {}
        self.channels: set[Channel] = set()
        self.loop = daphne.server.twisted_loop

    def run(self) -> None:
        # Any callable observes, whatever the annotation says.
        observers: Any = [_log_twisted_failure]
        globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False, discardBuffer=True)
        asyncio.set_event_loop(self.loop)
        self.listening.setblocking(False)
        self.port = reactor.adoptStreamPort(self.listening.fileno(), self.listening.family, HTTPFactory(self))
        self.port.transport = Transport
        # Twisted has a descriptor of its own now, and the socket must close when that one does.
        self.listening.close()
        reactor.callLater(1, self.application_checker)
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, self.drain)
        reactor.run(installSignalHandlers=False)

    def create_application(self, protocol: WebRequest, scope: Message) -> Any:
        queue = super().create_application(protocol, scope)
        task = self.connections[protocol]["application_instance"]
        task.add_done_callback(partial(self._application_done, protocol))
        return queue

    def _application_done(self, protocol: WebRequest, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            logger.error("the application failed at %r", protocol, exc_info=error)
        details = self.connections[protocol]
        del details["application_instance"]
        if "disconnected" in details:
            del self.connections[protocol]
        else:
            protocol.handle_exception(error)

    def protocol_disconnected(self, protocol: WebRequest) -> None:
        """Called when an answer is complete and when its connection is lost, in either order."""
        details = self.connections.get(protocol)
        if details is None or "disconnected" in details:
            return
        details["disconnected"] = time.monotonic()
        if "application_instance" not in details:
            del self.connections[protocol]
        if protocol.path is not None:
            access_log.log_request(
                method=protocol.method,
                uri=protocol.uri,
                status=protocol.code,
                seconds=protocol.duration(),
            )

    def application_checker(self) -> None:
        """Cancel applications that go on long after their reader has left."""
        # First, so that nothing below can end the rounds.
        reactor.callLater(1, self.application_checker)
        overdue = time.monotonic() - self.application_close_timeout
        for details in list(self.connections.values()):
            task = details.get("application_instance")
            if task is not None and details.get("disconnected", overdue) < overdue:
                task.cancel()

    async def handle_reply(self, protocol: WebRequest, message: Message) -> None:
        """Pass on what the application sends, and keep it waiting while its reader is behind."""
        for piece in _pieces(message):
            details = self.connections.get(protocol)
            if details is None or "disconnected" in details:
                # An application that only ever sends must not keep the loop to itself.
                await asyncio.sleep(0)
                return
            await super().handle_reply(protocol, piece)
            if piece.get("more_body") and protocol.channel is not None:
                await protocol.channel.wait_flushed(self.stall_seconds)

    def drain(self) -> None:
        """Stop gracefully; when already doing so, stop at once."""
        if self.draining:
            self.hurried = True
            return
        self.draining = True
        self._draining = self.loop.create_task(self._drain())

    async def _drain(self) -> None:
        logger.info("draining %d open requests", len(self.connections))
        await self.port.stopListening().asFuture(self.loop)
        try:
            self.on_drain()
        finally:
            await self._finish_requests()
            reactor.stop()

    async def _finish_requests(self) -> None:
        deadline = time.monotonic() + self.drain_seconds
        while self._is_busy() and not self.hurried and time.monotonic() < deadline:
            await asyncio.sleep(DRAIN_POLL_SECONDS)
        if self.connections:
            logger.warning("cut off %d requests that would not end", len(self.connections))
            await self._cancel_applications()

    def _is_busy(self) -> bool:
        return bool(self.connections) or not all(each.flushed.is_set() for each in self.channels)

    async def _cancel_applications(self) -> None:
        instances = [each.get("application_instance") for each in self.connections.values()]
        tasks = [task for task in instances if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CANCEL_SECONDS)
