"""The examples of the browser modules' README are run as they stand."""

import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.conftest import Tab
from tests.browser.guard import Guard
from tests.browser.house import House

README = Path(settings.BASE_DIR) / "sessions_app" / "static" / "handrail" / "README.md"
EXAMPLES = re.findall(r"```js\n(.*?)```", README.read_text(), re.DOTALL)
VENDOR = Path(__file__).parent / "vendor"


def run(page: Page, example: str, session: str) -> None:
    """As a module of the page's own origin."""
    page.route("**/static/example.js", lambda route: route.fulfill(body=example, content_type="text/javascript"))
    page.evaluate(
        """async session => {
            document.body.replaceChildren();
            document.body.dataset.session = session;
            await import("/static/example.js");
        }""",
        session,
    )


def test_the_documented_stream_shows_what_is_said(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab()
    with house.product() as product:
        ticket = product.post(f"/sessions/{session}/stream-ticket", {})
        page.route("**/my-shop/ticket", lambda route: route.fulfill(json=ticket))
        run(page, EXAMPLES[0], session)
        expect(page.locator("#state")).to_have_text("Live")
        product.say(session, "hello")
        expect(page.locator("body")).to_contain_text("rule-based demo")
        product.say(session, "ask me")
        expect(page.locator("#question")).not_to_be_empty()


def test_the_documented_shared_stream_is_live(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    with page.expect_console_message(lambda message: "session_started" in message.text):
        run(page, EXAMPLES[1], session)


def test_the_documented_component_approves_and_says_why_it_may_not_speak(house: House, tab: Tab, guard: Guard) -> None:
    guard.allow("status of 409")
    session = house.open_session()
    page = tab("operator")
    for name in ("react", "react-dom"):
        page.evaluate((VENDOR / f"{name}.js").read_text())
    run(page, EXAMPLES[2], session)
    with house.product() as product:
        product.say(session, "refund order 1004 0.01")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#tool")).to_have_text("refund_order: completed", timeout=20_000)
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("alert")).to_have_text("Nobody serves this session. Take the session over first.")


def test_every_example_is_run() -> None:
    assert len(EXAMPLES) == 3
