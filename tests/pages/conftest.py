"""The chat page is open in the shop, and somebody unknown has it before them."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from agents_app.models import Agent
from sessions_app.models import Workspace
from sessions_app.services import logins, visitors
from tests.pages.clock import Clock
from tests.pages.visiting import Visitor


@pytest.fixture
def chat(settings: Settings, workspace: Workspace, agent: Agent) -> Workspace:
    settings.CHAT_WORKSPACE = workspace.name
    return workspace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(visitors, "timezone", clock)
    monkeypatch.setattr(logins, "timezone", clock)
    return clock


@pytest.fixture
def visitor(chat: Workspace) -> Visitor:
    return Visitor(Client(raise_request_exception=False))


@pytest.fixture
def stranger(chat: Workspace) -> Visitor:
    """Another visitor, in another browser."""
    return Visitor(Client(raise_request_exception=False))
