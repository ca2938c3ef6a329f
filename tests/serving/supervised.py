"""A supervisor over children of these tests: `python -m tests.serving.supervised`. SIGUSR1 reloads."""

import asyncio
import signal
import sys

from config.serving.output import Output
from config.serving.supervisor import Child, Supervisor

CHILD = """
import os, signal, sys, time
def leave(*_):
    print("leaves", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in sys.argv else leave)
print("pid", os.getpid(), flush=True)
if "short" in sys.argv:
    sys.exit(3)
time.sleep(600)
"""


def child(name: str, *words: str) -> Child:
    return Child(name, [sys.executable, "-c", CHILD, *words], stop_seconds=0.5 if words else 10, reloads=name == "web")


def main() -> None:
    stages = [[child("store")], [child("worker", *sys.argv[1:])], [child("web"), child("web2")]]
    supervisor = Supervisor(stages, Output(sys.stdout.buffer, coloured=False))

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, lambda: loop.create_task(supervisor.reload(5)))
        await supervisor.run()

    asyncio.run(run())


if __name__ == "__main__":
    main()
