"""Children kept alive together, and ended together in order."""

import os
import re
import signal
from collections.abc import Callable

import pytest

from tests.serving.processes import Started, is_alive, wait_for

Run = Callable[..., Started]

NAMES = ("store", "worker", "web", "web2")


def pids(supervisor: Started, name: str) -> list[int]:
    return [int(pid) for pid in re.findall(rf"^{name} +\| pid (\d+)$", supervisor.said(), re.MULTILINE)]


def all_pids(supervisor: Started) -> list[int]:
    return [pid for name in NAMES for pid in pids(supervisor, name)]


@pytest.fixture
def supervisor(run: Run) -> Started:
    started = run("-m", "tests.serving.supervised")
    wait_for(lambda: len(all_pids(started)) == len(NAMES), "all children")
    return started


def test_a_child_that_dies_is_started_again_and_the_log_says_so(supervisor: Started) -> None:
    first = pids(supervisor, "worker")[0]
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(pids(supervisor, "worker")) == 2, "a second worker")
    assert "worker ended by SIGKILL; starting it again in 0.5 s" in supervisor.said()
    assert len(pids(supervisor, "web")) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_all_are_stopped_last_started_first(supervisor: Started, number: signal.Signals) -> None:
    supervisor.process.send_signal(number)
    assert supervisor.exit_code() == 0
    left = re.findall(r"^(\w+) +\| leaves$", supervisor.said(), re.MULTILINE)
    assert set(left[:2]) == {"web", "web2"}
    assert left[2:] == ["worker", "store"]
    assert not any(is_alive(pid) for pid in all_pids(supervisor))


def test_a_child_that_will_not_stop_is_killed(run: Run) -> None:
    started = run("-m", "tests.serving.supervised", "stubborn")
    wait_for(lambda: len(all_pids(started)) == len(NAMES), "all children")
    started.terminate()
    assert started.exit_code() == 0
    assert "worker did not stop in 0.5 s and was killed" in started.said()
    assert not any(is_alive(pid) for pid in all_pids(started))


def test_a_second_signal_kills_all_at_once(run: Run) -> None:
    started = run("-m", "tests.serving.supervised", "stubborn")
    wait_for(lambda: len(all_pids(started)) == len(NAMES), "all children")
    started.terminate()
    started.wait_until_it_says("leaves")
    started.terminate()
    assert started.exit_code() == 0
    assert not any(is_alive(pid) for pid in all_pids(started))


def test_a_child_that_keeps_dying_is_started_ever_more_slowly(run: Run) -> None:
    started = run("-m", "tests.serving.supervised", "short")
    started.wait_until_it_says("worker ended with exit code 3; starting it again in 0.5 s")
    started.wait_until_it_says("worker ended with exit code 3; starting it again in 1 s")
    started.wait_until_it_says("worker ended with exit code 3; starting it again in 2 s")
    started.terminate()
    assert started.exit_code() == 0


def test_no_child_outlives_a_supervisor_that_is_killed(supervisor: Started) -> None:
    family = all_pids(supervisor)
    supervisor.process.kill()
    supervisor.exit_code()
    wait_for(lambda: not any(is_alive(pid) for pid in family), "the end of the children")


def test_ctrl_c_reaches_only_the_supervisor(supervisor: Started) -> None:
    groups = {os.getpgid(pid) for pid in all_pids(supervisor)}
    assert len(groups) == len(NAMES)
    assert os.getpgid(supervisor.pid) not in groups


def test_a_reload_restarts_only_what_serves_the_code(supervisor: Started) -> None:
    supervisor.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: len(pids(supervisor, "web")) == 2, "a second web process")
    assert "starting it again" not in supervisor.said()
    assert [len(pids(supervisor, name)) for name in NAMES] == [1, 1, 2, 1]
