"""A TCP proxy on loopback that does to connections what networks do."""

import asyncio
import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum
from types import TracebackType
from typing import Self

PIECE_BYTES = 64 * 1024
CLOSE_SECONDS = 5.0
LINGER_OFF = struct.pack("ii", 1, 0)


class Mode(StrEnum):
    PASS = "pass"
    HANG = "hang"  # connections stay open, new ones are accepted, and no byte moves
    RESET = "reset"  # open connections are reset; new ones are passed on
    REFUSE = "refuse"  # open connections and new ones are reset


class ChaosProxy:
    """Forwards to one address, from a loop in a thread of its own. Used with `with`.

    `latency_seconds` delays every piece, `cut_after_bytes` resets a connection opened from now on when
    the server has sent so much through it. Everything may be changed from any thread at any time.
    """

    def __init__(self, host: str, port: int) -> None:
        self.latency_seconds = 0.0
        self.cut_after_bytes: int | None = None
        self.port = 0
        self.accepted = 0
        self._upstream = (host, port)
        self._mode = Mode.PASS
        self._writers: set[asyncio.StreamWriter] = set()
        self._moving = asyncio.Event()
        self._moving.set()
        self._end = asyncio.Event()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="chaos-proxy", daemon=True)

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Returns when it is in force."""
        asyncio.run_coroutine_threadsafe(self._set_mode(mode), self._loop).result(CLOSE_SECONDS)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(CLOSE_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(CLOSE_SECONDS)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        self._reset_all()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _set_mode(self, mode: Mode) -> None:
        self._mode = mode
        if mode is Mode.HANG:
            self._moving.clear()
        else:
            self._moving.set()
        if mode in (Mode.RESET, Mode.REFUSE):
            self._reset_all()

    def _reset_all(self) -> None:
        for writer in list(self._writers):
            _reset(writer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self._mode is Mode.REFUSE:
            _reset(writer)
            return
        self._writers.add(writer)
        try:
            await self._moving.wait()
            await self._forward(reader, writer)
        finally:
            self._writers.discard(writer)
            _reset(writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(*self._upstream)
        except OSError:
            return
        self._writers.add(upstream_writer)
        try:
            async with asyncio.TaskGroup() as pipes:
                pipes.create_task(self._pipe(reader, upstream_writer, None))
                pipes.create_task(self._pipe(upstream_reader, writer, self.cut_after_bytes))
        finally:
            self._writers.discard(upstream_writer)
            _reset(upstream_writer)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, allowed: int | None) -> None:
        """Move bytes until the source ends, and pass that end on. A broken side ends it as well."""
        with suppress(OSError):
            while data := await reader.read(PIECE_BYTES):
                await self._moving.wait()
                if self.latency_seconds:
                    await asyncio.sleep(self.latency_seconds)
                if allowed is not None:
                    data, allowed = data[:allowed], allowed - len(data)
                writer.write(data)
                await writer.drain()
                if allowed is not None and allowed <= 0:
                    _reset(writer)
                    return
            if writer.can_write_eof():
                writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST and not FIN: unsent bytes are lost, and the other side sees an error."""
    connection = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_OFF)
    writer.transport.abort()
