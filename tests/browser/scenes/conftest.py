"""What people do with the product, from end to end, in browsers that forgive nothing.

`chat()` is a customer's browser at the start address, `queue("olga")` that of an operator who has logged in. Each call
is a browser of its own.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Tab
from tests.browser.house import House
from tests.browser.scenes.chat import Chat
from tests.browser.scenes.queue import Queue
from tests.browser.scenes.session import SessionPage

OpenChat = Callable[..., Chat]
OpenQueue = Callable[..., Queue]
# A machine may be busy with other things. Nothing waits for as long unless it fails.
MILLISECONDS = 45_000
expect.set_options(timeout=MILLISECONDS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/scenes/" in item.nodeid and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(240))


@pytest.fixture
def chat(tab: Tab) -> OpenChat:
    def open_chat(path: str = "/", **options: object) -> Chat:
        # Nothing fades in: a colour on its way is no colour to judge.
        page = tab(path=path, reduced_motion="reduce", **options)
        page.set_default_timeout(MILLISECONDS)
        return Chat(page)

    return open_chat


@pytest.fixture
def queue(tab: Tab) -> OpenQueue:
    def open_queue(user: str, **options: object) -> Queue:
        page = tab(user, path="/workbench/", reduced_motion="reduce", **options)
        page.set_default_timeout(MILLISECONDS)
        return Queue(page, user)

    return open_queue


@pytest.fixture
def desk(tab: Tab, house: House) -> SessionPage:
    """An operator's page of a session in which the agent serves and is not at work."""
    session = house.open_session()
    page = tab("olga", path=f"/workbench/sessions/{session}/", reduced_motion="reduce")
    page.set_default_timeout(MILLISECONDS)
    return SessionPage(page, session)
