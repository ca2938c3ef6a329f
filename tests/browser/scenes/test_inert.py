"""Whatever anybody writes, wherever it is shown, it is words: live, and again when the page is loaded anew."""

from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.scenes import hostile
from tests.browser.scenes.conftest import OpenChat, OpenQueue

IMG = "<img src=x onerror=harm=1>"
# Elements that have no business in words, and attributes that run something.
WEIRD = """() => [...document.querySelectorAll("main *")].filter((element) =>
    element.matches("iframe, object, embed, base, meta, link, style, script:not([type='application/json'])")
    || element.matches("#transcript :is(img, svg, form, math)")
    || [...element.attributes].some(({name, value}) => name.startsWith("on") || /^\\s*javascript:/i.test(value))
).map(({outerHTML}) => outerHTML.slice(0, 200))"""


def assert_inert(*pages: Page) -> None:
    for page in pages:
        # As somebody does who opens everything and moves the mouse over it.
        page.evaluate("() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        assert page.evaluate("() => window.harm") is None
        assert page.evaluate(WEIRD) == []


def test_markup_in_every_kind_of_entry_stays_words_on_both_pages(
    house: House, chat: OpenChat, queue: OpenQueue
) -> None:
    customer, olga = chat(), queue("olga")
    customer.open_panel()
    customer.say(hostile.LONG)
    customer.hears("I did not understand that.")
    desk = olga.open(customer.session)
    house.call("tests.browser.scenes.hostile", "tell", customer.session)
    for when in ("live", "after a reload"):
        expect(customer.said("agent").last, when).to_have_text("That was all.")
        expect(desk.said("agent").last, when).to_have_text("That was all.")
        expect(customer.said("customer").first).to_contain_text(IMG)
        expect(customer.entries("tool").first).to_contain_text("onerror=harm=1")
        expect(desk.said("customer").first).to_contain_text(IMG)
        expect(desk.entries("tool").first.locator('[data-slot="tool_name"]')).to_have_text(hostile.SHORT)
        expect(desk.entries("permission").last.locator('[data-slot="tool_name"]')).to_have_text(hostile.SHORT)
        for page in (customer, desk):
            # A chart is drawn, and its words are words too.
            expect(page.entries("artifact").last.locator("canvas")).to_be_visible()
            expect(page.entries("artifact").last.locator(".u-legend")).to_contain_text(IMG)
        assert_inert(customer.page, desk.page)
        if when == "live":
            for how in ("always", "edit", "deny"):
                expect(desk.card.begin(how).locator('[data-slot="subject"]')).to_contain_text(IMG)
                desk.page.keyboard.press("Escape")
        customer.page.reload()
        desk.page.reload()


def test_markup_in_names_orders_and_ready_answers_stays_words(house: House, chat: OpenChat, queue: OpenQueue) -> None:
    house.call("tests.browser.scenes.hostile", "tell")
    session = house.open_session(customer=hostile.SHORT, metadata={hostile.SHORT: hostile.LONG})
    customer, olga = chat(), queue("olga")
    row = olga.row(session)
    with house.product() as product:
        product.say(session, f"refund order {hostile.ORDER}")
        expect(olga.request(session).place).to_be_visible()
        product.post(f"/sessions/{session}/handoff", {"reason": hostile.LONG, "priority": "urgent"})
        expect(olga.row(session, "waiting")).to_be_visible()
        expect(row.locator('[data-slot="customer"]')).to_have_text(hostile.SHORT)
    assert_inert(olga.page)
    olga.claim(session)
    expect(olga.page.locator(".toast")).to_contain_text(IMG)
    desk = olga.open(session)
    expect(desk.page.locator("h1")).to_have_text(hostile.SHORT)
    expect(desk.said("agent").last).to_contain_text(IMG)
    desk.field.fill(f"/{hostile.SHORTCUT}")
    expect(desk.page.locator("#canned [role=option]")).to_contain_text(IMG)
    assert_inert(desk.page)
    desk.field.press("Enter")
    desk.field.press("Enter")
    expect(desk.said("operator")).to_have_count(1)
    dialog = desk.begin("return")
    assert_inert(desk.page)
    dialog.locator('[type="submit"]').click()
    expect(desk.entries("handoff_returned")).to_have_count(1)
    assert_inert(desk.page)

    customer.say(f"where is order {hostile.ORDER}")
    customer.hears(f"Order {hostile.ORDER} is")
    customer.ask_for_person()
    desk = queue("omar").open(customer.session)
    desk.action("accept").click()
    desk.write(hostile.LONG)
    expect(customer.said("operator")).to_have_count(1)
    assert_inert(customer.page, desk.page)
    customer.page.reload()
    expect(customer.said("operator")).to_have_count(1)
    assert_inert(customer.page)
