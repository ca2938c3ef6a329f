"""Many readers in one event loop, which note when each event arrived and do nothing else."""

import asyncio
import re
import time

ID = re.compile(rb"^id: (\d+)$", re.MULTILINE)


class Receiver(asyncio.Protocol):
    """One stream. `arrivals` maps a seq to the moment its frame was complete."""

    def __init__(self, request: bytes) -> None:
        self.arrivals: dict[int, float] = {}
        self.connected = asyncio.Event()
        self._request = request
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        *frames, self._rest = (self._rest + data).split(b"\n\n")
        for frame in frames:
            if found := ID.search(frame):
                self.arrivals[int(found[1])] = now
                self.connected.set()


async def connect(count: int, port: int, path: str, key: str) -> list[Receiver]:
    """Open the streams; each has been given what the log holds already."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    receivers = []
    for _ in range(count):
        _, receiver = await loop.create_connection(lambda: Receiver(request), "127.0.0.1", port)
        await receiver.connected.wait()
        receivers.append(receiver)
    return receivers


async def wait_for(receivers: list[Receiver], seq: int, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not all(seq in receiver.arrivals for receiver in receivers):
            await asyncio.sleep(0.05)
