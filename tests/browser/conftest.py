"""Real browsers on a real installation.

`tab()` opens a page that fails its test for whatever it should not do; `tab("olga")` in a browser where olga has logged
in; `tab(of=another)` beside another tab, in the same browser.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.furnish import PASSWORD
from tests.browser.guard import Guard
from tests.browser.house import House
from tests.servers.chromium import ARGUMENTS

Tab = Callable[..., Page]
MILLISECONDS = 60_000
# One of the product's own, under its own policy, that opens no stream.
PLAIN_PAGE = "/admin/login/"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.processes)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(300))


# A module's, and not longer: while it drives a browser, Django's ORM refuses to work in this thread.
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.close()


@pytest.fixture
def house(shared_house: House) -> House:
    """An installation for tests that break nothing. A module whose tests do has a fixture `house` of its own."""
    return shared_house


@pytest.fixture
def guard(house: House) -> Iterator[Guard]:
    """Asked for by a test that expects something bad: `guard.allow("409")`."""
    guard = Guard(house.url)
    yield guard
    guard.check()


@pytest.fixture
def tab(browser: Browser, house: House, guard: Guard) -> Iterator[Tab]:
    contexts: list[BrowserContext] = []

    def open_tab(user: str = "", *, of: Page | None = None, path: str = PLAIN_PAGE, **options: object) -> Page:
        if of is None:
            context = browser.new_context(base_url=house.url, **options)  # type: ignore[arg-type]
            contexts.append(context)
            context.set_default_timeout(MILLISECONDS)
            if user:
                log_in(context, house, user)
            guard.watch(context)
        else:
            context = of.context
        page = context.new_page()
        page.goto(path)
        return page

    yield open_tab
    for context in contexts:
        context.close()


def log_in(context: BrowserContext, house: House, user: str) -> None:
    """By the login page's own form, once for each user of a house; later browsers get the same cookies.

    A test that logs out logs all of them out: it forgets `house.cookies` of that user, or logs in by itself.
    """
    if user in house.cookies:
        context.add_cookies(house.cookies[user])
        return
    page = context.new_page()
    page.goto(f"/accounts/login/?next={PLAIN_PAGE}")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    page.close()
    house.cookies[user] = context.cookies()
