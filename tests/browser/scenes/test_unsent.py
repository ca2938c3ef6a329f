"""What a customer has written is not lost, and is said once and in order, whatever the network does."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.guard import Guard
from tests.browser.scenes.chat import Chat
from tests.browser.scenes.conftest import OpenChat

MESSAGES = re.compile("/messages$")


def cut(page: Page) -> None:
    page.route(MESSAGES, lambda route: route.abort())


def mend(page: Page) -> None:
    page.unroute(MESSAGES)


def failed(customer: Chat) -> Locator:
    return customer.page.locator('#transcript [data-status="failed"]')


def test_the_same_words_that_failed_twice_are_said_twice(chat: OpenChat, guard: Guard) -> None:
    guard.allow("ERR_FAILED")
    customer = chat()
    customer.say("hello")
    customer.hears("Hello")
    cut(customer.page)
    customer.say("yes")
    customer.say("yes")
    expect(failed(customer)).to_have_count(2)
    mend(customer.page)
    customer.page.get_by_role("button", name="Send again").first.click()
    expect(failed(customer)).to_have_count(1)
    expect(customer.said("customer")).to_have_count(3)
    customer.page.get_by_role("button", name="Send again").click()
    expect(failed(customer)).to_have_count(0)
    customer.page.reload()
    expect(customer.said("customer")).to_have_text(["hello", "yes", "yes"])


def test_messages_arrive_in_the_order_in_which_they_were_said(chat: OpenChat) -> None:
    customer = chat()
    customer.say("hello")
    customer.hears("Hello")
    held: list[Route] = []
    customer.page.route(MESSAGES, lambda route: held.append(route), times=1)
    with customer.page.expect_request(MESSAGES):
        customer.say("the first")
    customer.say("the second")
    expect(customer.said("customer")).to_have_text(["hello", "the first", "the second"])
    with customer.page.expect_response(lambda answer: "the second" in (answer.request.post_data or "")):
        held.pop().continue_()
    customer.page.reload()
    expect(customer.said("customer")).to_have_text(["hello", "the first", "the second"])


def test_words_that_were_not_sent_survive_a_reload(chat: OpenChat, guard: Guard) -> None:
    guard.allow("ERR_FAILED")
    customer = chat()
    customer.say("hello")
    customer.hears("Hello")
    cut(customer.page)
    customer.say("not sent")
    expect(failed(customer)).to_have_count(1)
    customer.composer.fill("half a mess")
    customer.page.reload()
    expect(customer.composer).to_have_value("half a mess")
    expect(failed(customer)).to_contain_text("not sent")
    mend(customer.page)
    customer.page.get_by_role("button", name="Send again").click()
    expect(failed(customer)).to_have_count(0)
    customer.composer.press("Enter")
    expect(customer.said("customer")).to_have_text(["hello", "not sent", "half a mess"])
    expect(customer.said("agent")).to_have_count(3)
    customer.page.reload()
    expect(customer.composer).to_have_value("")
    expect(customer.said("customer")).to_have_text(["hello", "not sent", "half a mess"])


def test_the_event_log_makes_its_rows_when_somebody_looks(chat: OpenChat) -> None:
    customer = chat()
    customer.say("hello")
    customer.hears("Hello")
    rows = customer.page.locator("#log > li")
    expect(rows).to_have_count(0)
    customer.open_panel()
    customer.page.locator("#log-part > summary").click()
    expect(rows.filter(has_text="message_completed").first).to_be_visible()
    expect(rows.last).to_contain_text("connected")
