"""The queue without reload: who waits and for how long, who is looked at by whom, what was closed."""

import re
import uuid

from playwright.sync_api import expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.house import House
from tests.browser.scenes.conftest import OpenQueue


def test_a_customer_who_waits_appears_ages_and_is_gone_when_somebody_serves_them(
    house: House, queue: OpenQueue
) -> None:
    olga, omar = queue("olga"), queue("omar")
    omar.page.clock.install()
    omar.page.reload()
    customer = f"wanda-{uuid.uuid4().hex[:6]}"
    session = house.open_session(customer=customer)
    for one in (olga, omar):
        expect(one.row(session, "others")).to_contain_text(customer)
    with house.product() as product:
        product.post(f"/sessions/{session}/handoff", {"reason": "No answer for days.", "priority": "urgent"})
    for one in (olga, omar):
        row = one.row(session, "waiting")
        expect(row).to_have_attribute("data-priority", "urgent")
        expect(row.locator('[data-slot="time"]')).to_have_attribute("data-level", re.compile("fine|warning"))
        no_serious_axe_findings(one.page)
    aging = omar.row(session).locator('[data-slot="time"]')
    omar.page.clock.fast_forward(65_000)
    expect(aging).to_have_attribute("data-level", "warning")
    omar.page.clock.fast_forward(300_000)
    expect(aging).to_have_attribute("data-level", "breach")
    no_serious_axe_findings(omar.page)

    olga.claim(session)
    expect(omar.row(session, "waiting")).to_have_count(0)
    expect(omar.row(session, "others")).to_contain_text("olga")
    expect(olga.row(session, "mine")).to_be_visible()
    desk = olga.open(session)
    expect(omar.row(session).locator('[data-slot="viewers"]')).to_have_text("olga")
    expect(omar.page.locator("#presence .person", has_text="olga")).to_contain_text(session)
    dialog = desk.begin("close")
    dialog.locator("textarea").fill("All is well.")
    dialog.locator('[type="submit"]').click()
    expect(omar.row(session, "others")).to_have_count(0)
    omar.page.locator('[data-view="closed"]').click()
    expect(omar.row(session, "closed")).to_contain_text(customer)
    no_serious_axe_findings(omar.page)


def test_words_find_sessions_and_nothing_found_is_said_so(house: House, queue: OpenQueue) -> None:
    customer = f"zoe-{uuid.uuid4().hex[:6]}"
    session = house.open_session(customer=customer)
    supervisor = queue("supervisor")
    search = supervisor.page.locator("#search")
    search.fill(customer)
    expect(supervisor.page.locator(".row:visible")).to_have_count(1)
    expect(supervisor.row(session)).to_be_visible()
    search.fill(f"{customer} and more")
    expect(supervisor.page.locator("#no-match")).to_be_visible()
    no_serious_axe_findings(supervisor.page)
    supervisor.page.locator('[data-action="clear-search"]').click()
    expect(supervisor.page.locator("#no-match")).to_be_hidden()
    expect(search).to_be_focused()
