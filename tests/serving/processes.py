"""Real processes for these tests: started, watched through their output, and always ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from config.serving.listening import listen
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parent.parent.parent


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether it still runs; a zombie that nobody has buried yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


class Started:
    """A process with its output in a file. Leaving the `with` kills it and all of its group."""

    def __init__(
        self,
        *words: str,
        output: Path,
        environment: Mapping[str, str],
        fds: tuple[int, ...] = (),
    ) -> None:
        self.output = output
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, *words],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
                pass_fds=fds,
                process_group=0,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_until_it_says(self, text: str) -> None:
        wait_for(lambda: text in self.said(), f"{text!r} in {self.output}")

    def terminate(self) -> None:
        self.process.terminate()

    def exit_code(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)

    def resident_bytes(self) -> int:
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


class WebProcess(Started):
    """A serving process with the applications of these tests, on a port that already listens."""

    def __init__(self, output: Path, environment: Mapping[str, str], listening: socket.socket | None = None) -> None:
        own = listen("127.0.0.1", 0) if listening is None else listening
        self.port: int = own.getsockname()[1]
        words = ["-m", "config.serving.daphne", "--fd", str(own.fileno())]
        words += ["--application", "tests.serving.applications:application"]
        words += ["--on-drain", "tests.serving.applications:begin_drain"]
        super().__init__(*words, output=output, fds=(own.fileno(),), environment=environment)
        if listening is None:
            own.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def request(self, path: str, *lines: str, method: str = "GET") -> socket.socket:
        """Send a request's head on a new connection, to be read from there."""
        connection = self.connect()
        head = [f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]
        connection.sendall("\r\n".join(head).encode())
        return connection

    def answer(self, path: str, *lines: str) -> bytes:
        with self.request(path, "Connection: close", *lines) as connection:
            return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while block := connection.recv(2**16):
        received += block
    return received


def read_until(connection: socket.socket, mark: bytes) -> bytes:
    received = b""
    while mark not in received:
        block = connection.recv(2**16)
        assert block, f"closed before {mark!r}: {received!r}"
        received += block
    return received
