"""`manage.py serve`, as a person or a container starts it."""

import os
import re
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from config.serving.listening import listen
from tests.servers.ports import hold_port
from tests.serving.processes import Started, WebProcess, is_alive, wait_for

Serve = Callable[..., WebProcess]
Run = Callable[..., Started]
ServeCommand = Callable[..., Started]


@pytest.fixture
def serve_command(run: Run, tmp_path: Path) -> ServeCommand:
    def start(*words: str) -> Started:
        return run(
            *("manage.py", "serve", *words),
            DJANGO_SETTINGS_MODULE="config.settings.local",
            DATA_DIR=str(tmp_path / "data"),
            REDIS_URL="",
        )

    return start


def family(started: Started) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()]


def last_line(started: Started) -> str:
    return started.said().strip().splitlines()[-1]


def test_it_brings_its_own_valkey_and_says_where_it_is_and_who_may_log_in(serve_command: ServeCommand) -> None:
    started = serve_command("--no-worker", "--no-reload", "--port", "0")
    started.wait_until_it_says("Handrail is ready at http://127.0.0.1:")
    started.wait_until_it_says("demo login: supervisor / ")
    pids = family(started)
    assert len(pids) == 2
    started.terminate()
    assert started.exit_code() == 0
    assert not any(is_alive(pid) for pid in pids)


def test_production_runs_several_web_processes_on_one_port(serve_command: ServeCommand) -> None:
    started = serve_command("--mode", "prod", "--workers", "3", "--no-worker", "--port", "0")
    started.wait_until_it_says("Handrail is ready at")
    assert len(family(started)) == 4
    started.process.send_signal(signal.SIGINT)
    assert started.exit_code() == 0


def test_a_web_process_that_dies_is_replaced_on_the_same_port(serve_command: ServeCommand) -> None:
    started = serve_command("--mode", "prod", "--workers", "1", "--no-worker", "--port", "0")
    started.wait_until_it_says("Handrail is ready at")
    found = re.search(r"ready at http://127.0.0.1:(\d+)/", started.said())
    assert found
    os.kill(family(started)[-1], signal.SIGKILL)
    started.wait_until_it_says("daphne ended by SIGKILL")
    # It waits in the socket's queue, which the supervisor keeps open, until the new process takes it.
    with socket.create_connection(("127.0.0.1", int(found[1])), timeout=30) as connection:
        connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_killed_outright_it_leaves_no_orphan(serve_command: ServeCommand) -> None:
    started = serve_command("--no-worker", "--port", "0")
    started.wait_until_it_says("Handrail is ready at")
    pids = family(started)
    started.process.kill()
    started.exit_code()
    wait_for(lambda: not any(is_alive(pid) for pid in pids), "the end of the children")


def test_the_worker_and_beat_start_and_stop_with_it(serve_command: ServeCommand) -> None:
    started = serve_command("--no-reload", "--port", "0")
    started.wait_until_it_says("ready.")
    started.wait_until_it_says("Handrail is ready at")
    assert len(family(started)) == 4
    started.terminate()
    assert started.exit_code() == 0
    assert "superuser" not in started.said()


def test_a_port_in_use_is_refused_in_one_line(serve_command: ServeCommand) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        started = serve_command("--port", str(port))
        assert started.exit_code() == 1
    expected = f"CommandError: Cannot serve on 127.0.0.1:{port}: the port is already in use."
    assert last_line(started) == expected


def test_check_names_what_is_wrong(serve: Serve, serve_command: ServeCommand) -> None:
    web = serve()
    web.answer("/process-id")  # it takes longer to come up than a check waits
    started = serve_command("--check", "--port", str(web.port))
    assert started.exit_code() == 1
    assert last_line(started) == "CommandError: worker: No worker has ever reported."


def test_check_says_in_one_line_that_nothing_answers(serve_command: ServeCommand) -> None:
    with hold_port() as free:
        port = free.getsockname()[1]
        started = serve_command("--check", "--port", str(port))
        assert started.exit_code() == 1
    assert last_line(started).startswith(f"CommandError: Nothing answers at http://127.0.0.1:{port}: ")
    assert "Traceback" not in started.said()
