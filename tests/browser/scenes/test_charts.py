"""An agent hands a chart over, and everybody sees a chart."""

import json

from playwright.sync_api import expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.house import House
from tests.browser.scenes.conftest import OpenChat, OpenQueue
from tests.browser.telling import tell

ORDERS = {
    "x": ["north", "south"],
    "series": [{"label": "sold", "values": [3, None]}, {"label": "sent", "values": [2, 4]}],
}
NUMBERS = [["", "sold", "sent"], ["north", "3", "2"], ["south", "\N{EN DASH}", "4"]]
ROWS = "table => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent))"


def test_a_chart_is_drawn_with_its_numbers_on_both_pages_live_and_after_a_reload(
    house: House, chat: OpenChat, queue: OpenQueue
) -> None:
    customer = chat()
    customer.say("hello")
    customer.hears("Hello!")
    desk = queue("olga").open(customer.session)
    tell(house, customer.session, "artifact", artifact_id="1", kind="chart", title="Orders", content=json.dumps(ORDERS))
    for page in (customer, desk):
        for reload in (False, True):
            if reload:
                page.page.reload()
            artifact = page.entries("artifact")
            expect(artifact.locator(".chart")).to_have_attribute("aria-label", "Orders, sold, sent")
            expect(artifact.locator("canvas")).to_be_visible()
            expect(artifact.locator(".u-over")).to_have_css("position", "absolute")  # the library's own style is here
            artifact.locator("summary").click()
            assert artifact.locator(".chart-numbers table").evaluate(ROWS) == NUMBERS
        no_serious_axe_findings(page.page)


def test_what_only_calls_itself_a_chart_is_shown_as_it_is(house: House, queue: OpenQueue) -> None:
    session = house.open_session()
    for number, content in enumerate(["no json", '{"x": [1], "series": [{"values": ["<b>"]}]}']):
        tell(house, session, "artifact", artifact_id=str(number), kind="chart", title="Orders", content=content)
    desk = queue("olga").open(session)
    expect(desk.entries("artifact").locator('[data-slot="content"]')).to_have_text(
        ["no json", '{"x": [1], "series": [{"values": ["<b>"]}]}']
    )
    expect(desk.page.locator("canvas")).to_have_count(0)
