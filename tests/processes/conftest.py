"""An installation: several web processes, workers and beat, which share the database and Valkey and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.servers.processes import Process, Processes, Web


@dataclass
class Installation:
    """What was started together."""

    webs: list[Web]
    workers: list[Process]

    @property
    def urls(self) -> list[str]:
        return [web.url for web in self.webs]


Install = Callable[..., Installation]


@pytest.fixture
def install(processes: Processes) -> Install:
    """Starts everything at once and waits until all of it is ready."""

    def start(*, webs: int = 2, workers: int = 2, beat: bool = False, **environment: str) -> Installation:
        installation = Installation(
            webs=[processes.web(ready=False, **environment) for _ in range(webs)],
            workers=[processes.worker(ready=False, **environment) for _ in range(workers)],
        )
        if beat:
            processes.beat(**environment)
        for web in installation.webs:
            web.wait_until_ready(processes.READY_PATH)
        for worker in installation.workers:
            worker.wait_for_log(" ready.")
        return installation

    return start
