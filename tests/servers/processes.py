"""The project's own processes, started for real: what a test kills, freezes and reads the log of."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from config.serving import lifeline
from config.serving.listening import listen
from tests.patience import PATIENCE_SECONDS
from tests.servers.ports import hold_port

START_SECONDS = PATIENCE_SECONDS
STOP_SECONDS = PATIENCE_SECONDS
POLL_SECONDS = 0.02
LOG_TAIL_CHARACTERS = 8000
# What of the surroundings a process needs to run at all. The rest is said explicitly.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DATA_DIR")


def database_url() -> str:
    """The address of the database that this test uses."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    password = quote(config["PASSWORD"], safe="")
    return f"postgres://{config['USER']}:{password}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


def environment(**changes: str) -> dict[str, str]:
    """What a process needs in order to be of the same installation as the test."""
    return {
        **{name: os.environ[name] for name in INHERITED if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATABASE_URL": database_url(),
        "DATABASE_POOL_SIZE": "10",
        "WORKER_CONCURRENCY": "4",
        "REDIS_URL": os.environ["REDIS_URL"],
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
        **changes,
    }


class Process:
    """One process of the project and everything it has said."""

    def __init__(
        self, name: str, words: list[str], *, env: Mapping[str, str], log: Path, pass_fds: tuple[int, ...] = ()
    ) -> None:
        self.name = name
        self.log_path = log
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                lifeline.command(sys.executable, *words),
                cwd=settings.BASE_DIR,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=pass_fds,
                # A group of its own, so that what it starts ends with it.
                process_group=0,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def send(self, number: signal.Signals) -> None:
        self._popen.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, with everything it has started. Nothing is cleaned up."""
        if self.running:
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()

    def close(self) -> None:
        """Kill it, and give up what is kept for it."""
        self.kill()

    def freeze(self) -> None:
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.pid, signal.SIGCONT)

    def stop(self, seconds: float = STOP_SECONDS) -> int:
        """Ask it to end, wait for that, and return its exit code."""
        self.send(signal.SIGTERM)
        return self.wait(seconds)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        return self._popen.wait(seconds)

    def wait_for_log(self, text: str, seconds: float = START_SECONDS) -> None:
        self.wait_until(lambda: text in self.log, seconds, f"{text!r} in the log")

    def wait_until(self, reached: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            if not self.running:
                raise AssertionError(f"{self.name} ended ({self._popen.returncode}) before {what}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name}: no {what} within {seconds} s:\n{self.tail()}")
            time.sleep(POLL_SECONDS)

    def tail(self) -> str:
        return self.log[-LOG_TAIL_CHARACTERS:]


class Web(Process):
    """A serving process, listening before it exists, so that no port can be lost between two.

    The port stays its own after its end, so that another can serve there.
    """

    def __init__(self, *, env: Mapping[str, str], log: Path) -> None:
        self._held = hold_port()
        self.port = int(self._held.getsockname()[1])
        with listen("127.0.0.1", self.port) as listening:
            words = ["-m", "config.serving.daphne", "--fd", str(listening.fileno())]
            super().__init__("web", words, env=env, log=log, pass_fds=(listening.fileno(),))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        super().close()
        self._held.close()

    def wait_until_ready(self, path: str, seconds: float = START_SECONDS) -> None:
        self.wait_until(lambda: self._answers(path), seconds, f"answer at {path}")

    def _answers(self, path: str) -> bool:
        try:
            with urlopen(self.url + path, timeout=2) as answer:
                return bool(answer.status < 500)
        except HTTPError as error:
            error.close()
            return error.code < 500
        except (URLError, OSError):
            return False


class Processes:
    """Starts processes of the project on the test's own database and Valkey, and ends them all."""

    # Answers without a login as soon as the process serves.
    READY_PATH = "/api/v1/openapi.json"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[Process] = []

    def web(self, *, ready: bool = True, **changes: str) -> Web:
        web = Web(env=environment(**changes), log=self._log("web"))
        self.started.append(web)
        if ready:
            web.wait_until_ready(self.READY_PATH)
        return web

    def worker(self, *, ready: bool = True, **changes: str) -> Process:
        worker = self.start("worker", "manage.py", "worker", **changes)
        if ready:
            worker.wait_for_log(" ready.")
        return worker

    def beat(self, **changes: str) -> Process:
        """It says nothing when it is ready; wait for what it brings about."""
        return self.start("beat", "manage.py", "beat", **changes)

    def start(self, name: str, *words: str, **changes: str) -> Process:
        """Any command line of Python's, such as `"manage.py", "serve"`."""
        process = Process(name, list(words), env=environment(**changes), log=self._log(name))
        self.started.append(process)
        return process

    def close(self) -> None:
        for process in reversed(self.started):
            process.close()

    def _log(self, name: str) -> Path:
        return self.folder / f"{len(self.started)}-{name}.log"
