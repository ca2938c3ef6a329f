"""Everything that goes wrong with workers, their messages and Valkey, at moments a seed decides."""

import random
import time

from agents_app.dispatch import enqueue_run
from agents_app.models import Run, ToolCall
from tests.servers.processes import Process, Processes
from tests.servers.valkey import TestValkey

# Short, so that a dead worker is noticed in seconds; many times as long as a worker's look at its lease.
SETTINGS = {"RUN_LEASE_SECONDS": "5", "RUN_SWEEP_SECONDS": "0.5", "RUN_MAX_ATTEMPTS": "1000", "WORKER_CONCURRENCY": "2"}
WORKERS = 3
# Between two kills.
SHORTEST, LONGEST = 0.2, 1.2
# How many kills wait until a refund is at work; the others come while anything is.
IN_A_REFUND = 0.7


class Storm:
    """Begins with its first `blow`, and is over after so many kills and one restart of Valkey."""

    def __init__(self, processes: Processes, valkey: TestValkey, *, seed: int, kills: int) -> None:
        self._processes = processes
        self._valkey = valkey
        self._random = random.Random(seed)
        self._workers = [self._worker() for _ in range(WORKERS)]
        self._processes.beat(**SETTINGS)
        self._next = 0.0
        self._strikes_refunds = True
        self.kills_left = kills
        self._restart_at = kills // 2
        self.killed = self.repeated = self.restarts = 0

    @property
    def over(self) -> bool:
        return self.kills_left == 0

    def blow(self) -> None:
        """Do the next harm if its moment has come."""
        if self.over or time.monotonic() < self._next:
            return
        # Killing one that has nothing to do harms nobody.
        ready = [worker for worker in self._workers if " ready." in worker.log]
        if not ready or not self._at_work():
            return
        self._next = time.monotonic() + self._random.uniform(SHORTEST, LONGEST)
        self._strikes_refunds = self._random.random() < IN_A_REFUND
        self._repeat_messages()
        self._kill(self._random.choice(ready))
        if self.kills_left == self._restart_at:
            self._valkey.kill()
            self._valkey.start()
            self.restarts += 1

    def _at_work(self) -> bool:
        if self._strikes_refunds:
            return ToolCall.objects.filter(status=ToolCall.Status.EXECUTING, idempotent=False).exists()
        return Run.objects.filter(status=Run.Status.RUNNING).exists()

    def _kill(self, worker: Process) -> None:
        worker.kill()
        self._workers[self._workers.index(worker)] = self._worker()
        self.killed += 1
        self.kills_left -= 1

    def _repeat_messages(self) -> None:
        for run_id in Run.objects.unfinished().values_list("pk", flat=True):
            if self._random.random() < 0.5:
                enqueue_run(run_id)
                enqueue_run(run_id)
                self.repeated += 2

    def _worker(self) -> Process:
        return self._processes.start("worker", "-m", "tests.chaos.worker", **SETTINGS)
