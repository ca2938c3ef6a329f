"""The agent wants to pay money back, and a person says whether, how much, and whether ever to ask again."""

from playwright.sync_api import expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.house import House
from tests.browser.scenes.chat import Chat
from tests.browser.scenes.conftest import OpenChat, OpenQueue


def ask_for_refund(chat: Chat, order: int) -> str:
    chat.say(f"refund order {order}")
    expect(chat.entries("tool").last).to_contain_text("waiting for a colleague's approval")
    return chat.session


def refunds_made(house: House, session: str) -> int:
    with house.product() as product:
        done = [event["data"] for event in product.log(session) if event["type"] == "tool_result"]
    return sum(data["tool_name"] == "refund_order" and data["success"] for data in done)


def test_a_refund_waits_for_a_person_who_approves_it_and_is_paid_once(
    house: House, chat: OpenChat, queue: OpenQueue
) -> None:
    customer, olga, omar = chat(), queue("olga"), queue("omar")
    no_serious_axe_findings(customer.page)
    customer.say("where is order 1011")
    customer.hears("Order 1011 is Notebook set.")
    session = ask_for_refund(customer, 1011)
    no_serious_axe_findings(customer.page)

    request = olga.request(session)
    expect(request.place).to_contain_text("High risk")
    no_serious_axe_findings(olga.page)
    desk = olga.open(session)
    expect(desk.card.place.locator('[data-slot="arguments"]')).to_contain_text('"amount": "69.90"')
    expect(desk.card.place.locator('[data-slot="reasoning"]')).to_contain_text("69.90 of order 1011 can be refunded")
    expect(desk.card.place.locator('[data-slot="countdown"]')).to_contain_text("left")
    no_serious_axe_findings(desk.page)
    expect(omar.request(session).place).to_be_visible()
    desk.card.button("approve").click()

    customer.hears("Done: 69.90 EUR of order 1011 is refunded")
    desk.card.is_decided("Approved", "olga")
    expect(omar.request(session).place).to_have_count(0)
    expect(desk.entries("tool").last).to_contain_text("refund_order")
    expect(desk.said("agent").last).to_contain_text("Done: 69.90 EUR")
    no_serious_axe_findings(desk.page)
    no_serious_axe_findings(customer.page)
    assert refunds_made(house, session) == 1
    customer.say("refund order 1011")
    customer.hears("Order 1011 is already refunded in full.")


def test_a_refusal_reaches_the_customer_with_its_reason_and_nothing_is_paid(
    house: House, chat: OpenChat, queue: OpenQueue
) -> None:
    customer, olga = chat(), queue("olga")
    session = ask_for_refund(customer, 1012)
    dialog = olga.request(session).begin("deny")
    no_serious_axe_findings(olga.page)
    dialog.locator("textarea").fill("The boots were worn in the rain.")
    dialog.locator('[type="submit"]').click()
    customer.hears("The refund of order 1012 was denied: The boots were worn in the rain.")
    expect(olga.request(session).place).to_have_count(0)
    desk = olga.open(session)
    desk.card.is_decided("Denied", "olga")
    expect(desk.card.place).to_contain_text("The boots were worn in the rain.")
    assert refunds_made(house, session) == 0


def test_an_edited_amount_is_shown_as_a_difference_and_is_what_is_paid(
    house: House, chat: OpenChat, queue: OpenQueue
) -> None:
    customer, olga = chat(), queue("olga")
    session = ask_for_refund(customer, 1013)
    desk = olga.open(session)
    dialog = desk.card.begin("edit")
    field = dialog.locator('[name="arguments"]')
    field.fill("{ no json")
    expect(dialog.locator('[type="submit"]')).to_be_disabled()
    field.fill('{"order_number": 1013, "amount": "5.00"}')
    expect(dialog.locator('[data-slot="diff"]')).to_contain_text("79.90")
    expect(dialog.locator('[data-slot="diff"]')).to_contain_text("5.00")
    no_serious_axe_findings(desk.page)
    dialog.locator('[type="submit"]').click()
    customer.hears("Done: 5.00 EUR of order 1013 is refunded")
    desk.card.is_decided("Approved", "olga")
    expect(desk.card.place.locator('[data-slot="arguments"]')).to_contain_text('"amount": "5.00"')
    assert refunds_made(house, session) == 1


def test_what_is_always_allowed_is_not_asked_about_again(house: House, chat: OpenChat, queue: OpenQueue) -> None:
    customer, olga = chat(), queue("olga")
    customer.say("refund order 1014 3.00")
    expect(customer.entries("tool").last).to_contain_text("waiting for a colleague's approval")
    session = customer.session
    desk = olga.open(session)
    dialog = desk.card.begin("always")
    expect(dialog).to_contain_text('"amount": "3.00"')
    no_serious_axe_findings(desk.page)
    dialog.locator('[name="scope"]').select_option("session")
    dialog.locator('[name="expiry"]').select_option("3600")
    dialog.locator('[type="submit"]').click()
    customer.hears("Done: 3.00 EUR of order 1014 is refunded, 3.00 in all.")
    customer.say("refund order 1014 3.00")
    customer.hears("Done: 3.00 EUR of order 1014 is refunded, 6.00 in all.")
    expect(desk.said("agent").last).to_contain_text("6.00 in all")
    expect(desk.entries("permission")).to_have_count(1)
    # Another amount is another call.
    customer.say("refund order 1014 4.00")
    expect(desk.entries("permission")).to_have_count(2)
    desk.card.button("approve").click()
    customer.hears("10.00 in all")
    assert refunds_made(house, session) == 3
