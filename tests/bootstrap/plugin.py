"""Starts the servers of a test run and puts their addresses into the environment.

A plugin and not a conftest: Django's settings are read before the first conftest is, and `REDIS_URL`
and `DATABASE_URL` must be there by then.

Under xdist the first process starts the one PostgreSQL and makes the one folder; each of the others
has a database of its own in it, and a Valkey of its own.
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.servers.missing import Missing

if TYPE_CHECKING:
    from tests.servers.valkey import TestValkey

# A worker is started with `-p` too late, and with this in time.
PLUGINS = "PYTEST_PLUGINS"
FOLDER = "HANDRAIL_TEST_DIR"

valkey_key: pytest.StashKey["TestValkey"] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("handrail")
    group.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help="the database to run on")
    group.addoption(
        "--only-database",
        action="store_true",
        help="for a second database: leave out the tests that have nothing new to say on another one",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    options = early_config.known_args_namespace
    if options.help or options.version:
        return
    # Before anything of the project is imported: it takes whatever is there, and `.env` adds the rest.
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    try:
        if worker is None:
            _begin_run(early_config, options.db)
        if worker is not None or not getattr(options, "numprocesses", None):
            _start_valkey(early_config, worker or "alone")
    except Missing as error:
        raise pytest.UsageError(str(error)) from error


def _begin_run(config: pytest.Config, database: str) -> None:
    # A shell lets what it puts into the background ignore Ctrl-C, and so would all that tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="handrail-test-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ[FOLDER] = str(folder)
    os.environ[PLUGINS] = __name__
    os.environ["REDIS_URL"] = ""
    os.environ["DATA_DIR"] = str(folder / "data")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'handrail.sqlite3'}"
    if database == "postgres":
        from tests.servers.postgres import TestPostgres

        server = TestPostgres(folder / "postgres")
        config.add_cleanup(server.stop)
        os.environ["DATABASE_URL"] = server.start()


def _start_valkey(config: pytest.Config, worker: str) -> None:
    # Here and not above: it imports the project, which must find the environment set.
    from tests.servers.valkey import TestValkey

    server = TestValkey(Path(os.environ[FOLDER]) / f"valkey-{worker}")
    config.add_cleanup(server.stop)
    server.start()
    os.environ["REDIS_URL"] = server.url
    config.stash[valkey_key] = server


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("processes"):
            # Few cores carry few of these at a time: one of each group.
            item.add_marker(pytest.mark.xdist_group("browser" if "tests/browser/" in item.nodeid else "processes"))
            # Two cores under a dozen processes may starve one of them past any patience. A promise that is broken
            # twice in a row is broken; one that is kept the second time is listed as RERUN.
            item.add_marker(pytest.mark.flaky(reruns=1))
    if config.getoption("only_database"):
        told = [item for item in items if not _speaks_of_database(item)]
        config.hook.pytest_deselected(items=told)
        items[:] = [item for item in items if item not in set(told)]


def _speaks_of_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("processes"):
        return item.get_closest_marker("each_database") is not None
    return item.get_closest_marker("django_db") is not None or "db" in getattr(item, "fixturenames", ())
