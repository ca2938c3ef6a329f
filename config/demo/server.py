"""Finds the server the demo is played against, or starts one for as long as the demo takes."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from django.conf import settings

from config.demo.heard import Missed
from config.serving import lifeline

ASK_SECONDS = 5.0
POLL_SECONDS = 0.2
# A server that has just come up hears of its worker at the first sweep.
WORKER_SECONDS = 10.0
START_SECONDS = 60.0
READY_LINE = re.compile(r"ready at (http://\S+?)/?$", re.MULTILINE)


def answers(url: str) -> bool:
    """Whether Handrail is at this address. Raises Missed when it is something else, or does not say."""
    try:
        answer = httpx2.get(f"{url}/api/v1/health", timeout=ASK_SECONDS, trust_env=False)
    except httpx2.ConnectError:
        return False
    except httpx2.HTTPError as error:
        raise Missed(f"{url} does not answer ({type(error).__name__}).") from error
    if answer.status_code != 200:
        raise Missed(f"Something answers at {url}, but not as Handrail does (status {answer.status_code}).")
    return True


def wait_until_ready(url: str, *, seconds: float) -> None:
    """Wait for database, bus and worker. Raises Missed that names what is not there."""
    deadline = time.monotonic() + seconds
    while wrong := _complaints(url):
        if time.monotonic() > deadline:
            raise Missed(f"{url} is not ready: {' '.join(wrong)}")
        time.sleep(POLL_SECONDS)


@contextmanager
def own_server(host: str, say: Callable[[str], None]) -> Iterator[str]:
    """Start the whole product on a free port, and stop it afterwards. Gives its address."""
    log = settings.DATA_DIR / "play_demo.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    say(f"no server yet, so I start one; its log is {log}")
    process = _start(host, log)
    try:
        url = _address(process, log)
        wait_until_ready(url, seconds=START_SECONDS)
        yield url
    finally:
        clean = _stop(process)
    if not clean:
        raise Missed(f"The server did not stop cleanly (exit code {process.returncode}): see {log}.")


def _start(host: str, log: Path) -> "subprocess.Popen[bytes]":
    serve = [str(settings.BASE_DIR / "manage.py"), "serve", "--mode", "dev", "--no-reload", "--host", host]
    with log.open("wb") as output:
        return subprocess.Popen(
            # Port 0: any free one, and nobody can take it in between.
            lifeline.command(sys.executable, *serve, "--port", "0", last=signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            # A group of its own: Ctrl-C is for the demo, which stops the server in order.
            process_group=0,
        )


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        said = log.read_text(errors="replace")
        if found := READY_LINE.search(said):
            return found[1]
        if process.poll() is not None:
            last = said.strip().rpartition("\n")[2]
            raise Missed(f"The server ended at once: {last or 'it said nothing'}")
        time.sleep(POLL_SECONDS)
    raise Missed(f"The server did not start within {START_SECONDS:.0f} s: see {log}.")


def _stop(process: "subprocess.Popen[bytes]") -> bool:
    """Ask it to end and wait for that; whether it did so cleanly."""
    process.terminate()
    try:
        return process.wait(2 * settings.SERVE_DRAIN_SECONDS + 20) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def _complaints(url: str) -> list[str]:
    try:
        answer = httpx2.get(f"{url}/api/v1/ready", timeout=ASK_SECONDS, trust_env=False).json()
    except (httpx2.HTTPError, ValueError) as error:
        return [f"/api/v1/ready gives no answer ({type(error).__name__})."]
    if answer["status"] == "ok":
        return []
    return [check["detail"] for check in answer["checks"].values() if not check["ok"]]
