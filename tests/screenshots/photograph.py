"""Photographs the pages, large and small, light and dark, into this folder. `make screenshots` runs it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.house import House
from tests.screenshots.clockwork import NOW
from tests.screenshots.small_png import shrink
from tests.screenshots.stage import SESSION, play
from tests.servers.chromium import ARGUMENTS

FOLDER = Path(__file__).parent
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
# Page, address, and who looks at it.
PAGES = [
    ("chat", "/", "customer"),
    ("login", "/accounts/login/", None),
    ("queue", "/workbench/", "operator"),
    ("session", f"/workbench/sessions/{SESSION}/", "operator"),
    ("overview", f"/admin/sessions_app/session/?q={SESSION}", "supervisor"),
    ("admin", "/admin/?range=7d", "supervisor"),
]
MAX_BYTES = 100_000


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With the settings of `make run`: what a newcomer sees."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.local", "PRESENCE_SECONDS": "1"}
    house = House(tmp_path_factory.mktemp("stage"), **settings)
    yield house
    house.close()


@pytest.mark.processes
@pytest.mark.timeout(600)
def test_every_page_has_its_picture(house: House, browser: Browser) -> None:
    expect.set_options(timeout=60_000)
    house.call("tests.screenshots.clockwork", "let_in")
    kept = play(house, browser)
    house.rest()
    house.call("tests.screenshots.clockwork", "set_back")
    for name, address, who in PAGES:
        if name == "queue":
            house.call("tests.screenshots.clockwork", "introduce_visitor")
        if name == "admin":
            look_back(house)
        for size, viewport in SIZES.items():
            for theme in THEMES:
                context = browser.new_context(
                    base_url=house.url,
                    viewport=viewport,  # type: ignore[arg-type]
                    color_scheme=theme,  # type: ignore[arg-type]
                    reduced_motion="reduce",
                    locale="en-GB",
                    timezone_id="UTC",
                    storage_state=kept[who] if who else None,
                )
                page = context.new_page()
                page.clock.set_fixed_time(NOW)
                page.goto(address)
                if name == "overview":
                    # Its address has the session's id, which is another one each time.
                    page.get_by_role("link", name=SESSION, exact=True).click()
                wait_until_settled(page, name)
                picture = shrink(page.screenshot(animations="disabled"))
                context.close()
                assert len(picture) < MAX_BYTES
                (FOLDER / f"{name}-{size}-{theme}.png").write_bytes(picture)


def look_back(house: House) -> None:
    """Two weeks are told, and the web process, which says what time it is on this page, believes the pictures."""
    house.call("tests.screenshots.past_days", "tell_past_days")
    house.web.kill()
    house.settings["DJANGO_SETTINGS_MODULE"] = "tests.screenshots.stopped_clock"
    house.serve_again()
    house.wait_until_served()


def wait_until_settled(page: Page, name: str) -> None:
    """Until nothing more comes by itself."""
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready")
    ready: dict[str, Any] = {
        "queue": ("#requests .permission >> nth=1", '[data-slot="connection"][data-state="live"]'),
        "session": ('.permission [data-decide="approve"]', '[data-slot="connection"][data-state="live"]'),
        "overview": ('#transcript [data-kind="permission"]', '[data-slot="connection"][data-state="live"]'),
        "chat": ('#transcript [data-status="waiting_permission"]',),
        "login": ("#demo-title",),
        "admin": ("#decisions-heading",),
    }
    if name == "session":
        expect(page.locator("#runs .run")).to_have_count(3)
    for selector in ready[name]:
        expect(page.locator(selector)).to_be_visible()
    page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
