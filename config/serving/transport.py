"""A socket that counts as full with its first unsent byte, and sends at once what the kernel takes."""

from collections.abc import Iterable

from twisted.internet import tcp


class Transport(tcp.Server):
    """A connection whose producer is paused exactly while something written is not yet in the kernel.

    Twisted pauses a producer at 64 KiB and sends everything a reactor turn later. Pausing at once
    bounds what one reader can hold, and tells when a write may go straight to the socket.
    """

    def write(self, data: bytes) -> None:
        idle = self.connected and not self.disconnecting and not self.producerPaused
        if self.producer is not None and idle:
            sent = self.writeSomeData(data)
            if isinstance(sent, int):
                data = data[sent:]
            # Otherwise the connection is lost, and writing again is how the reactor finds that out.
        if data:
            super().write(data)
            self._pause()

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Not sent at once: this is how a head is written, and its body mostly follows in this turn."""
        super().writeSequence(iovec)
        self._pause()

    def _pause(self) -> None:
        if self.producer is not None and self.connected:
            self.producerPaused = True
            self.producer.pauseProducing()
