"""Whoever works by keyboard is never thrown back to the top of the page."""

from playwright.sync_api import Page, expect

from tests.browser.guard import Guard
from tests.browser.scenes.conftest import OpenChat, OpenQueue

IN_ROW = "name => document.activeElement.matches(`.row[data-key='${name}'] .row-link`)"


def test_after_a_claim_the_row_has_the_focus(chat: OpenChat, queue: OpenQueue) -> None:
    customer = chat()
    customer.ask_for_person()
    expect(customer.serving).to_have_text("A colleague will be with you soon.")
    olga = queue("olga")
    olga.row(customer.session, "waiting").locator('[data-action="claim"]').press("Enter")
    expect(olga.row(customer.session, "mine")).to_be_visible()
    olga.page.wait_for_function(IN_ROW, arg=customer.session)


def test_after_a_decision_the_next_request_has_the_focus_and_at_the_end_their_heading(
    chat: OpenChat, queue: OpenQueue
) -> None:
    customers = [chat(), chat()]
    for customer in customers:
        customer.say("refund order 1007 2.00")
        expect(customer.entries("tool").last).to_contain_text("waiting for a colleague's approval")
    olga = queue("olga")
    first, second = (olga.request(customer.session) for customer in customers)
    expect(first.button("deny")).to_be_visible()
    expect(second.button("deny")).to_be_visible()
    first.button("deny").press("Enter")
    dialog = olga.page.locator("#dialog-deny")
    dialog.locator("textarea").fill("No.")
    dialog.locator('[type="submit"]').press("Enter")
    expect(first.place).to_have_count(0)
    expect(second.place).to_be_focused()
    second.button("deny").press("Enter")
    dialog.locator("textarea").fill("No.")
    dialog.locator('[type="submit"]').press("Enter")
    expect(second.place).to_have_count(0)
    olga.page.wait_for_function("() => document.activeElement.matches('.permission, #requests-title')")


def test_after_a_decision_in_a_transcript_its_card_has_the_focus(chat: OpenChat, queue: OpenQueue) -> None:
    customer = chat()
    customer.say("refund order 1015 2.00")
    expect(customer.entries("tool").last).to_contain_text("waiting for a colleague's approval")
    desk = queue("olga").open(customer.session)
    # A key reaches even a button that is not offered yet, and does nothing there.
    expect(desk.card.button("approve")).to_be_visible()
    desk.card.button("approve").press("Enter")
    desk.card.is_decided("Approved", "olga")
    expect(desk.card.place).to_be_focused()


def test_another_language_keeps_the_view_that_was_chosen(queue: OpenQueue) -> None:
    page: Page = queue("omar").page
    page.locator('[data-view="waiting"]').click()
    page.wait_for_url("**view=waiting*")
    menu = page.locator("details.menu", has=page.locator("[data-come-back]"))
    menu.locator("summary").click()
    menu.locator('[value="es"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator('[data-view="waiting"]')).to_have_attribute("aria-current", "page")


def test_closed_sessions_that_cannot_be_read_are_never_called_none(guard: Guard, queue: OpenQueue) -> None:
    guard.allow("ERR_FAILED")
    page = queue("olga").page
    page.route("**/workbench/rows/**", lambda route: route.abort())
    page.locator('[data-view="closed"]').click()
    closed = page.locator('[data-group="closed"]')
    expect(closed.locator('[data-slot="failed"]')).to_be_visible()
    expect(closed.locator('[data-slot="empty"]')).to_be_hidden()
    page.unroute("**/workbench/rows/**")
    closed.locator('[data-action="read-closed"]').click()
    expect(closed.locator('[data-slot="failed"]')).to_be_hidden()
    expect(closed).to_have_attribute("aria-busy", "false")
