"""What helps an operator to write takes nothing away, and says so when it cannot help."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.guard import Guard
from tests.browser.scenes.session import SessionPage


@pytest.fixture(autouse=True)
def _the_server_fails_now_and_then(guard: Guard) -> None:
    guard.allow("status of 500")


@pytest.fixture
def mine(desk: SessionPage) -> SessionPage:
    desk.action("accept").click()
    expect(desk.mode("reply")).to_be_checked()
    expect(desk.field).to_be_focused()
    return desk


def test_a_canned_reply_goes_where_the_caret_is_and_leaves_what_stands_there(mine: SessionPage) -> None:
    mine.field.press_sequentially("Dear Carla,")
    mine.field.press("Escape")
    mine.page.keyboard.press("/")
    options = mine.page.locator('#canned [role="option"][id]')
    expect(options.first).to_be_visible()
    expect(mine.field).to_have_value("Dear Carla,")
    words = options.first.locator("span").inner_text()
    mine.field.press("Enter")
    expect(mine.field).to_have_value(f"Dear Carla, {words}")
    expect(mine.said("operator")).to_have_count(0)

    mine.field.fill("")
    mine.field.press_sequentially("/")
    expect(options.first).to_be_visible()
    options.nth(1).click()
    expect(mine.field).not_to_have_value("")
    assert not mine.field.input_value().startswith("/")


def test_nothing_is_sent_for_a_canned_reply_that_cannot_be_read(mine: SessionPage) -> None:
    mine.page.route("**/canned-replies*", _fails)
    mine.field.press_sequentially("/th")
    mine.field.press("Enter")
    expect(mine.page.locator("#canned")).to_contain_text("The canned replies cannot be read right now.")
    mine.field.press("Enter")
    expect(mine.field).to_have_value("/th")
    expect(mine.page.locator("#outbox > *")).to_have_count(0)

    mine.page.unroute("**/canned-replies*")
    mine.field.press("Escape")
    mine.field.press_sequentially("a")
    expect(mine.page.locator('#canned [role="option"]').first).not_to_contain_text("cannot be read")


def test_handing_back_is_begun_once_and_says_when_there_is_no_draft(mine: SessionPage) -> None:
    mine.page.route("**/return-summary*", _fails)
    dialog = mine.begin("return")
    expect(dialog).to_contain_text("The draft from the conversation cannot be read right now", use_inner_text=True)
    expect(dialog).not_to_contain_text("This is a draft", use_inner_text=True)
    mine.page.keyboard.press("Escape")
    mine.page.unroute("**/return-summary*")

    asked: list[str] = []
    mine.page.on("request", lambda request: asked.append(request.url) if "return-summary" in request.url else None)
    with mine.held("**/return-summary*"):
        mine.action("return").dblclick()
        expect(mine.action("return")).to_have_attribute("aria-busy", "true")
    expect(dialog).to_be_visible()
    dialog.locator('[type="submit"]').click()
    expect(mine.mode("reply")).to_be_disabled()
    assert len(asked) == 1


def _fails(route: Route) -> None:
    route.fulfill(status=500, content_type="application/json", body='{"code": "error", "detail": "No."}')
