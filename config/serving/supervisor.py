"""Keeps child processes alive together, and ends them together in order."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from config.serving import lifeline
from config.serving.output import Output

FIRST_DELAY_SECONDS = 0.5
LAST_DELAY_SECONDS = 10.0
# A child that lived so long starts with the shortest delay again.
STEADY_SECONDS = 30.0
READY_POLL_SECONDS = 0.02
LAST_WORDS_SECONDS = 1.0
READ_BYTES = 64 * 1024


class NotReady(Exception):
    """A child on which the others depend did not come up."""


@dataclass(frozen=True)
class Child:
    """A process to keep: what to run, and how to end it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    pass_fds: tuple[int, ...] = ()
    # After SIGTERM; then SIGKILL.
    stop_seconds: float = 10.0
    # What it gets should the supervisor itself be killed.
    last: signal.Signals = signal.SIGKILL
    # The next stage starts when this is true.
    is_ready: Callable[[], bool] | None = None
    ready_seconds: float = 20.0
    reloads: bool = False


class _Kept:
    """One child and its present process."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: asyncio.subprocess.Process | None = None
        self.stopping = asyncio.Event()
        self.restarting = False

    def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    async def terminate(self, seconds: float) -> bool:
        """SIGTERM, then SIGKILL; whether the first was enough."""
        process = self.process
        if process is None or process.returncode is not None:
            return True
        process.terminate()
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            self.kill()
            await process.wait()
            return False
        return True


class Supervisor:
    """Starts stages in order and ends them in the opposite one.

    The children of one stage start and end together. Call `run` in the main thread: the kernel ends
    the children when the thread that started them ends.
    """

    def __init__(
        self,
        stages: Iterable[Sequence[Child]],
        output: Output,
        *,
        on_stop: Callable[[], None] | None = None,
    ) -> None:
        self._stages = [[_Kept(child) for child in stage] for stage in stages]
        self._output = output
        self._on_stop = on_stop
        self._stop = asyncio.Event()
        self._tasks: dict[_Kept, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Return when every child has ended after SIGINT, SIGTERM or SIGHUP."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        try:
            for stage in self._stages:
                await self._start(stage)
            await self._stop.wait()
        finally:
            self._stop.set()
            if self._on_stop is not None:
                self._on_stop()
            for stage in reversed(self._stages):
                await asyncio.gather(*(self._end(kept) for kept in stage))

    def stop(self) -> None:
        """End all in order. Asked a second time, end all at once."""
        if self._stop.is_set():
            for kept in self._tasks:
                kept.kill()
        self._stop.set()

    async def reload(self, seconds: float) -> None:
        """Start the children that serve the project's code again; the rest stays as it is."""
        kept = [each for stage in self._stages for each in stage if each.child.reloads]
        await asyncio.gather(*(self._restart(each, seconds) for each in kept))

    def say(self, text: str) -> None:
        self._output.line("serve", text.encode())

    async def _start(self, stage: list[_Kept]) -> None:
        for kept in stage:
            if not self._stop.is_set():
                self._tasks[kept] = asyncio.create_task(self._keep(kept))
        for kept in stage:
            await self._wait_until_ready(kept.child)

    async def _wait_until_ready(self, child: Child) -> None:
        if child.is_ready is None:
            return
        deadline = time.monotonic() + child.ready_seconds
        while not self._stop.is_set() and not await asyncio.to_thread(child.is_ready):
            if time.monotonic() > deadline:
                raise NotReady(f"{child.name} does not come up.")
            await asyncio.sleep(READY_POLL_SECONDS)

    async def _keep(self, kept: _Kept) -> None:
        delay = FIRST_DELAY_SECONDS
        while not kept.stopping.is_set():
            began = time.monotonic()
            how = await self._live(kept)
            if kept.stopping.is_set():
                return
            if kept.restarting or time.monotonic() - began > STEADY_SECONDS:
                delay = FIRST_DELAY_SECONDS
            if kept.restarting:
                kept.restarting = False
                continue
            self.say(f"{kept.child.name} {how}; starting it again in {delay:g} s")
            await _wait(kept.stopping, delay)
            delay = min(delay * 2, LAST_DELAY_SECONDS)

    async def _live(self, kept: _Kept) -> str:
        """One life of a child, from its start to its end; how it ended, in words."""
        try:
            process = kept.process = await self._spawn(kept.child)
        except OSError as error:
            return f"could not be started ({error})"
        copying = asyncio.create_task(self._copy(kept.child.name, process))
        if kept.stopping.is_set():
            # Asked to stop while it was being started, when there was nothing yet to stop.
            await kept.terminate(kept.child.stop_seconds)
        code = await process.wait()
        # A grandchild may hold the pipe open for ever.
        await asyncio.wait({copying}, timeout=LAST_WORDS_SECONDS)
        copying.cancel()
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    async def _spawn(self, child: Child) -> asyncio.subprocess.Process:
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *lifeline.command(*child.command, last=child.last),
            stdin=pipe if child.stdin else null,
            stdout=pipe,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **child.environment},
            pass_fds=child.pass_fds,
            # A group of its own: Ctrl-C is for the supervisor, which ends them in order.
            process_group=0,
        )
        if process.stdin is not None:
            process.stdin.write(child.stdin)
            process.stdin.close()
        return process

    async def _copy(self, name: str, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        rest = b""
        while block := await process.stdout.read(READ_BYTES):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._output.line(name, line)
            if len(rest) > READ_BYTES:
                self._output.line(name, rest)
                rest = b""
        if rest:
            self._output.line(name, rest)

    async def _restart(self, kept: _Kept, seconds: float) -> None:
        if kept.process is not None and kept.process.returncode is None:
            kept.restarting = True
            await kept.terminate(seconds)

    async def _end(self, kept: _Kept) -> None:
        kept.stopping.set()
        task = self._tasks.get(kept)
        if task is None:
            return
        if not await kept.terminate(kept.child.stop_seconds):
            self.say(f"{kept.child.name} did not stop in {kept.child.stop_seconds:g} s and was killed")
        await task


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
