"""What every test may use beside the roles in `tests/fixtures.py`."""

import inspect
from collections.abc import Awaitable, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from sessions_app.streaming.hub import close_hub
from tests.bootstrap.plugin import valkey_key
from tests.guards import lifted
from tests.servers import chromium
from tests.servers.processes import Processes
from tests.servers.valkey import TestValkey

pytest_plugins = ["tests.fixtures", "tests.old_database"]

# How long an example takes says how busy the machine is, and nothing of the product.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

processes_key = pytest.StashKey[Processes]()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test so that its ORM calls stay on this thread and on its transaction."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    async_to_sync(_on_a_loop_of_its_own)(pyfuncitem.obj, {name: pyfuncitem.funcargs[name] for name in names})
    return True


async def _on_a_loop_of_its_own(test: Callable[..., Awaitable[None]], arguments: dict[str, Any]) -> None:
    try:
        await test(**arguments)
    finally:
        await close_hub()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes of a failed test have said."""
    report = yield
    if report.failed and processes_key in item.stash:
        for process in item.stash[processes_key].started:
            report.sections.append((f"log of {process.log_path.name}", process.tail()))
    return report


@pytest.fixture(scope="session", autouse=True)
def audit_is_flushed() -> Iterator[None]:
    """What a test with real transactions has committed is removed after it, the audit history too."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not for everybody

    def flush_all(test: TransactionTestCase) -> None:
        with lifted(connections["default"]):
            flush(test)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_all)
        yield


@pytest.fixture
def valkey(request: pytest.FixtureRequest) -> Iterator[TestValkey]:
    """The Valkey at `settings.REDIS_URL`, empty. The test may kill and freeze it."""
    server = request.config.stash[valkey_key]
    server.restore()
    yield server
    server.restore()


@pytest.fixture
def processes(
    request: pytest.FixtureRequest, transactional_db: None, valkey: TestValkey, tmp_path: Path
) -> Iterator[Processes]:
    """Starts web processes, workers and beat on the test's database and Valkey."""
    started = request.node.stash[processes_key] = Processes(tmp_path)
    yield started
    started.close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return chromium.find()
