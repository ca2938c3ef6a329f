"""The Valkey of a test run: the product's own private one, with ways to make it fail."""

import os
import signal
import socket
from pathlib import Path

import redis

from config.serving.valkey import CannotStart, PrivateValkey
from tests.servers.missing import Missing
from tests.servers.ports import hold_port


class TestValkey:
    """Always at the same address, whatever happens to the process behind it."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self._server = PrivateValkey(folder)
        self._held: socket.socket | None = None

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def pid(self) -> int:
        assert self._server.pid is not None, "It is not running."
        return self._server.pid

    @property
    def running(self) -> bool:
        return self._server.pid is not None

    def start(self) -> None:
        self._held = self._held or hold_port(self.port)
        try:
            self._server.start()
        except CannotStart as error:
            raise Missing(str(error)) from error

    def stop(self) -> None:
        if self.running:
            self.thaw()
            self._server.stop()
        if self._held is not None:
            self._held.close()
            self._held = None

    def kill(self) -> None:
        """As if the machine's power had failed. `start` brings it back with what its file has kept."""
        os.kill(self.pid, signal.SIGKILL)
        self._server.stop()

    def freeze(self) -> None:
        """Connections stay open and nothing answers, as when a network drops every packet."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def restore(self) -> None:
        """Running and empty, as every test finds it."""
        if self.running:
            self.thaw()
        else:
            self.start()
        with redis.Redis.from_url(self.url) as client:
            client.flushall()
