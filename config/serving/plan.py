"""Which processes make up the product, and in which order they start."""

import os
import signal
import sys
from dataclasses import dataclass

from django.conf import settings

from config.serving.supervisor import Child
from config.serving.valkey import PrivateValkey

# What a process needs beyond its drain to put its things away.
SPARE_SECONDS = 5.0


@dataclass(frozen=True)
class Plan:
    """The processes of one machine. Their settings travel in the environment, as everybody's do."""

    listening_fd: int
    web_processes: int
    with_worker: bool
    valkey: PrivateValkey | None
    log_level: str

    def stages(self) -> list[list[Child]]:
        """In the order of their start. They end the other way round: the web is drained first."""
        stages = [[self._valkey(self.valkey)]] if self.valkey else []
        if self.with_worker:
            stages += [[self._command("worker")], [self._command("beat")]]
        return [*stages, [self._web(number) for number in range(1, self.web_processes + 1)]]

    def _valkey(self, valkey: PrivateValkey) -> Child:
        return Child(
            name="valkey",
            command=valkey.command,
            stdin=valkey.configuration,
            last=signal.SIGTERM,
            is_ready=valkey.is_ready,
        )

    def _web(self, number: int) -> Child:
        return Child(
            name="daphne" if self.web_processes == 1 else f"daphne.{number}",
            command=[sys.executable, "-m", "config.serving.daphne", "--fd", str(self.listening_fd)],
            environment=self._environment(),
            pass_fds=(self.listening_fd,),
            stop_seconds=settings.SERVE_DRAIN_SECONDS + SPARE_SECONDS,
            reloads=True,
        )

    def _command(self, name: str) -> Child:
        return Child(
            name=name,
            command=[sys.executable, str(settings.BASE_DIR / "manage.py"), name],
            environment=self._environment(),
            stop_seconds=settings.SERVE_DRAIN_SECONDS + SPARE_SECONDS,
            reloads=True,
        )

    def _environment(self) -> dict[str, str]:
        # Not by changing their folder: a relative DATA_DIR must mean the same to all.
        path = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
        environment = {"LOG_LEVEL": self.log_level.upper(), "PYTHONPATH": path}
        if self.valkey is not None:
            environment["REDIS_URL"] = f"{self.valkey.url}/0"
        return environment
