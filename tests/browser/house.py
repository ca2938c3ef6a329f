"""A whole installation with a database and a Valkey of its own, for browsers to visit.

Not on the test's own database: the ORM refuses to work in a thread that drives a browser, and what was started once
serves many tests. Each test opens sessions of its own.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.bootstrap.plugin import FOLDER
from tests.processes.product import Product
from tests.servers.processes import Process, Processes, Web, environment
from tests.servers.valkey import TestValkey

# A busy machine takes its time.
START_SECONDS = 90.0
CALL = "import django, sys; django.setup(); from {module} import {name}; {name}(*sys.argv[1:])"
FURNISH = "import django; django.setup(); from tests.browser.furnish import furnish; print(furnish())"


@cache
def furnished() -> tuple[Path, str]:
    """A database to copy, made once in a run, and its key."""
    database = Path(tempfile.mkdtemp(dir=os.environ[FOLDER])) / "house.sqlite3"
    done = subprocess.run(
        [sys.executable, "-c", FURNISH],
        cwd=settings.BASE_DIR,
        env=environment(DATABASE_URL=f"sqlite:///{database}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return database, done.stdout.split()[-1]


class House:
    """Web, worker, beat and Valkey. `changes` are settings of all processes."""

    def __init__(self, folder: Path, **changes: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        template, self.key = furnished()
        shutil.copy(template, folder / template.name)
        self.valkey = TestValkey(folder / "valkey")
        self.valkey.start()
        self.settings = {
            "DATABASE_URL": f"sqlite:///{folder / template.name}",
            "REDIS_URL": self.valkey.url,
            "DATA_DIR": str(folder),
            "STREAM_HEARTBEAT_SECONDS": "10",
            "CHAT_WORKSPACE": "demo",
            # Every customer of these tests comes from one address.
            "CHAT_SESSIONS_PER_MINUTE": "1000",
            **changes,
        }
        # Of users who have logged in.
        self.cookies: dict[str, Any] = {}
        self.processes = Processes(folder)
        self.web: Process = self.processes.web(ready=False, **self.settings)
        assert isinstance(self.web, Web)
        self.port = self.web.port
        self.worker = self.processes.worker(ready=False, **self.settings)
        self.beat = self.processes.beat(**self.settings)
        try:
            self.web.wait_until_ready(Processes.READY_PATH, START_SECONDS)
            self.worker.wait_for_log(" ready.", START_SECONDS)
        except AssertionError:
            self.close()
            raise

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def product(self) -> Product:
        """The API with a key, as a customer's product calls it. Used with `with`."""
        return Product(self.url, self.key)

    def open_session(self, **what: Any) -> str:
        """A new session's name."""
        name = f"talk-{uuid.uuid4().hex[:10]}"
        with self.product() as product:
            product.post("/sessions", {"name": name, "customer": "carla", **what})
        return name

    def call(self, module: str, name: str, *words: str) -> None:
        """Call a function in a process of this installation: there it has the ORM."""
        done = subprocess.run(
            [sys.executable, "-c", CALL.format(module=module, name=name), *words],
            cwd=settings.BASE_DIR,
            env=environment(**self.settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def rest(self) -> None:
        """From now on nothing works or watches deadlines; the web process goes on serving."""
        self.beat.kill()
        self.worker.kill()

    def serve_again(self) -> None:
        """After the web process was killed: another one at the same address. Returns before it answers."""
        words = ["-m", "config.serving.daphne", "--port", str(self.port)]
        self.web = self.processes.start("web-again", *words, **self.settings)

    def wait_until_served(self) -> None:
        """For those who cannot see it by themselves."""
        self.web.wait_until(self._listens, START_SECONDS, "listening")

    def close(self) -> None:
        self.processes.close()
        self.valkey.stop()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
