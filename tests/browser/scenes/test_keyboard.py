"""An operator's work without a mouse."""

import uuid

from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.conftest import Tab
from tests.browser.furnish import PASSWORD
from tests.browser.house import House
from tests.browser.scenes.queue import Queue
from tests.browser.scenes.session import SessionPage

RINGED = """() => {
    const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(document.activeElement);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
}"""


def has_visible_focus(place: Locator) -> None:
    expect(place).to_be_focused()
    assert place.page.evaluate(RINGED), "Nobody sees where the focus is."


def log_in(page: Page, user: str) -> None:
    has_visible_focus(page.locator("[name=username]"))
    page.keyboard.type(user)
    page.keyboard.press("Tab")
    has_visible_focus(page.locator("[name=password]"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    has_visible_focus(page.locator(".login-form [type=submit]"))
    page.keyboard.press("Enter")


def test_an_operator_logs_in_claims_decides_and_answers_by_keyboard_alone(house: House, tab: Tab) -> None:
    customer = f"kim-{uuid.uuid4().hex[:6]}"
    asking, waiting = house.open_session(customer=customer), house.open_session(customer=customer)
    with house.product() as product:
        product.say(asking, "refund order 1008")
        product.post(f"/sessions/{waiting}/handoff", {"reason": "The lamp is broken."})
    page = tab(path="/workbench/", reduced_motion="reduce")
    no_serious_axe_findings(page)
    log_in(page, "omar")
    queue, press = Queue(page, "omar"), page.keyboard.press

    press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    no_serious_axe_findings(page)
    press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    press("/")
    has_visible_focus(page.locator("#search"))
    page.keyboard.type(customer)
    expect(page.locator(".row:visible")).to_have_count(2)
    press("Enter")
    has_visible_focus(queue.row(waiting).locator(".row-link"))
    press("j")
    has_visible_focus(queue.row(asking).locator(".row-link"))
    press("k")
    has_visible_focus(queue.row(waiting).locator(".row-link"))
    press("c")
    expect(queue.row(waiting, "mine")).to_be_visible()
    queue.row(asking).locator(".row-link").focus()
    press("Enter")

    page.wait_for_url(f"**/sessions/{asking}/")
    desk = SessionPage(page, asking)
    expect(desk.card.button("approve")).to_be_visible()
    press("p")
    has_visible_focus(desk.card.button("approve"))
    press("Enter")
    desk.card.is_decided("Approved", "omar")
    expect(desk.said("agent").last).to_contain_text("Done:")
    press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    no_serious_axe_findings(page)
    press("Escape")
    press("t")
    has_visible_focus(desk.field)
    page.keyboard.type("/one")
    expect(page.locator("#canned [aria-selected=true]")).to_contain_text("/one-moment")
    no_serious_axe_findings(page)
    press("Enter")
    expect(desk.field).to_have_value("One moment please, I am looking into it.")
    press("Enter")
    expect(desk.said("operator").last).to_have_text("One moment please, I am looking into it.")
    press("Escape")
    press("b")
    expect(page.locator("#dialog-return")).to_be_visible()
    press("Escape")
    expect(page.locator("#dialog-return")).to_be_hidden()
    page.goto("/workbench/")
    expect(queue.row(asking, "mine")).to_be_visible()
