"""A child does not outlive its parent, however the parent goes."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.serving import lifeline
from tests.serving.processes import Started, is_alive, wait_for

Run = Callable[..., Started]

SLEEP = "print('awake', flush=True); import time; time.sleep(600)"
PARENT = """
import subprocess, sys, time
from config.serving import lifeline
child = subprocess.Popen(lifeline.command(sys.executable, "-c", sys.argv[1]), process_group=0)
print("child", child.pid, flush=True)
time.sleep(600)
"""
# What is used where the kernel offers nothing, run here in a process of its own.
WATCHER = """
import os, signal, subprocess, sys, time
from config.serving import lifeline
if len(sys.argv) == 3:
    sys.exit(lifeline.watch(int(sys.argv[2]), signal.SIGKILL, [sys.executable, "-c", sys.argv[1]]))
words = [sys.executable, "-c", open("/proc/self/cmdline").read().split("\\0")[2], *sys.argv[1:]]
child = subprocess.Popen([*words, str(os.getpid())], process_group=0)
print("child", child.pid, flush=True)
time.sleep(600)
"""


def child_of(parent: Started) -> int:
    parent.wait_until_it_says("awake")
    lines = dict(line.split() for line in parent.said().splitlines() if line.startswith("child "))
    return int(lines["child"])


def descendants(pid: int) -> set[int]:
    children = {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return children.union(*(descendants(child) for child in children))


@pytest.mark.parametrize("parent", [PARENT, WATCHER], ids=["kernel", "watcher"])
def test_a_child_dies_with_its_parent(run: Run, parent: str) -> None:
    process = run("-c", parent, SLEEP)
    family = {child_of(process)} | descendants(child_of(process))
    process.process.send_signal(signal.SIGKILL)
    process.exit_code()
    wait_for(lambda: not any(is_alive(pid) for pid in family), "the end of the whole family")


def test_the_watcher_passes_signals_and_the_exit_code_on(run: Run) -> None:
    leaves_with_7 = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7));"
        "print('awake', flush=True); time.sleep(600)"
    )
    process = run("-c", WATCHER, leaves_with_7, str(os.getpid()))
    process.wait_until_it_says("awake")
    process.terminate()
    assert process.exit_code() == 7


def test_a_child_whose_parent_is_gone_already_is_not_started(run: Run) -> None:
    process = run(lifeline.__file__, "1", "SIGKILL", sys.executable, "-c", "print('started')")
    process.exit_code()
    assert "started" not in process.said()
