"""What the tests of this app share beside the roles of `tests/fixtures.py`."""

from collections.abc import Iterator

import pytest
from django.conf import settings as live_settings
from pytest_django.fixtures import Settings

from agents_app.models import Agent
from sessions_app.actors import SYSTEM
from sessions_app.events import bus
from sessions_app.events.redis_bus import RedisBus
from sessions_app.models import Session, Workspace
from sessions_app.services.sessions import open_session
from tests.servers.valkey import TestValkey
from tests.sessions.hearing import Hearing


@pytest.fixture(autouse=True)
def fresh_bus() -> Iterator[None]:
    """A bus that remembers nothing of what an earlier test did to Valkey."""
    yield
    if bus.get_bus.cache_info().currsize and isinstance(used := bus.get_bus(), RedisBus):
        used._client.close()
    bus.get_bus.cache_clear()
    bus.memory_bus.cache_clear()


@pytest.fixture
def hearing(valkey: TestValkey, session: Session) -> Iterator[Hearing]:
    """What is published of `session` from now on."""
    opened = Hearing(valkey.url, session)
    yield opened
    opened.close()


@pytest.fixture
def redis_bus() -> Iterator[RedisBus]:
    made = RedisBus(live_settings.REDIS_URL)
    yield made
    made._client.close()


@pytest.fixture
def memory_mode(settings: Settings) -> None:
    """`USE_REDIS_SSE=false`."""
    settings.USE_REDIS_SSE = False
    bus.get_bus.cache_clear()


@pytest.fixture(autouse=True)
def no_beat(settings: Settings) -> None:
    """No heartbeat comes to a stream's help, however long a test waits."""
    settings.STREAM_HEARTBEAT_SECONDS = 3600


@pytest.fixture
def quick_beat(settings: Settings) -> None:
    settings.STREAM_HEARTBEAT_SECONDS = 0.2


@pytest.fixture
def sessions(workspace: Workspace, agent: Agent) -> list[Session]:
    """Twenty open sessions of one workspace."""
    return [open_session(workspace, actor=SYSTEM, name=f"talk-{number}") for number in range(20)]
