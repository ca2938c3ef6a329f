"""`manage.py worker` and `manage.py beat`: quiet, and gone in bounded time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from config.serving.valkey import PrivateValkey
from tests.serving.processes import Started, wait_for

Run = Callable[..., Started]

# A worker of the project with one task more, which never ends.
BUSY_WORKER = """
import time
import django
django.setup()
from django.core.management import call_command
from config.celery import app

@app.task(name="tests.endless")
def endless():
    print("asleep", flush=True)
    time.sleep(600)

endless.delay()
call_command("worker")
"""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateValkey]:
    server = PrivateValkey(tmp_path / "valkey")
    server.start()
    yield server
    server.stop()


def test_an_idle_worker_says_little_and_leaves_at_once(run: Run, broker: PrivateValkey) -> None:
    worker = run("manage.py", "worker", "--concurrency", "2", REDIS_URL=broker.url)
    worker.wait_until_it_says(" ready.")
    assert "[config]" not in worker.said()
    assert "superuser" not in worker.said()
    worker.terminate()
    assert worker.exit_code() == 0


def test_a_worker_does_not_wait_for_ever_for_a_task(run: Run, broker: PrivateValkey) -> None:
    worker = run("-c", BUSY_WORKER, REDIS_URL=broker.url, SERVE_DRAIN_SECONDS="0.2")
    worker.wait_until_it_says("asleep")
    worker.terminate()
    assert worker.exit_code() == 1
    assert "left with work unfinished" in worker.said()


def test_beat_goes_on_after_a_sweep_that_fails_keeps_no_file_and_leaves_when_told(
    run: Run, broker: PrivateValkey, tmp_path: Path
) -> None:
    root = Path.cwd()
    before = set(root.iterdir())
    beat = run("manage.py", "beat", REDIS_URL=broker.url, RUN_SWEEP_SECONDS="0.1", DATA_DIR=str(tmp_path))
    # There are no tables in that folder's database.
    wait_for(lambda: beat.said().count("The task agents_app.sweep failed.") > 1, "two sweeps that fail")
    with redis.Redis.from_url(broker.url) as client:
        assert client.llen("celery") == 0
    assert not [each for each in set(root.iterdir()) - before if "beat" in each.name]
    beat.terminate()
    assert beat.exit_code() == 0
