"""Run a command that dies with its parent: `python lifeline.py PARENT SIGKILL command …`.

A supervisor that is killed with SIGKILL can clean nothing up. On Linux the kernel does it: the
command replaces this process and gets the signal when the *thread* that started it ends, so start
children from a thread that lives as long as they do. Elsewhere this process stays, watches who its
parent is, and passes signals on.
"""

import ctypes
import os
import signal
import subprocess
import sys
from types import FrameType

PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 0.5


def command(*words: str, last: signal.Signals = signal.SIGKILL) -> list[str]:
    """The command line of a child that gets `last` when the calling process has died."""
    # By path and without site-packages: it starts in 20 ms and imports nothing of the project.
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), last.name, *words]


def _replace(parent: int, last: signal.Signals, words: list[str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, int(last))
    # Asked for too late if the parent had died already, and then it would never be sent.
    if os.getppid() == parent:
        os.execvp(words[0], words)


def watch(parent: int, last: signal.Signals, words: list[str]) -> int:
    """Keep the command as a child for as long as `parent` is ours."""
    child = subprocess.Popen(words)

    def pass_on(number: int, frame: FrameType | None) -> None:
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, pass_on)
    while os.getppid() == parent:
        try:
            return child.wait(WATCH_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    child.send_signal(last)
    return child.wait()


def main() -> None:
    parent, last, words = int(sys.argv[1]), signal.Signals[sys.argv[2]], sys.argv[3:]
    if sys.platform == "linux":
        _replace(parent, last, words)
    else:
        sys.exit(watch(parent, last, words))


if __name__ == "__main__":
    main()
