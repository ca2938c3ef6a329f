"""Ten tabs of one operator."""

from playwright.sync_api import Page, Request, expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.conftest import Tab
from tests.browser.house import House
from tests.browser.scenes.conftest import OpenQueue
from tests.browser.scenes.queue import is_live
from tests.browser.scenes.session import SessionPage

TABS = 10


def streams_of(page: Page) -> set[Request]:
    """The connections for events that this browser has open, as they come and go."""
    open_ones: set[Request] = set()
    context = page.context

    def begun(request: Request) -> None:
        if request.resource_type == "eventsource":
            open_ones.add(request)

    context.on("request", begun)
    context.on("requestfinished", lambda request: open_ones.discard(request))
    context.on("requestfailed", lambda request: open_ones.discard(request))
    return open_ones


def test_ten_tabs_share_one_stream_and_every_one_still_answers_and_hears(
    house: House, queue: OpenQueue, tab: Tab
) -> None:
    olga = queue("olga")
    streams = streams_of(olga.page)
    olga.page.reload()
    is_live(olga.page)
    sessions = [house.open_session(customer=f"customer {number}") for number in range(TABS - 1)]
    desks = [SessionPage(tab(of=olga.page, path=f"/workbench/sessions/{one}/"), one) for one in sessions]
    with house.product() as product:
        for session in sessions:
            product.say(session, "hello")
    for desk in desks:
        expect(desk.said("agent").last).to_contain_text("Hello!")
        # Six connections of one's own would leave none for this.
        assert desk.page.evaluate("async () => (await fetch('/api/v1/health')).status") == 200
        expect(olga.row(desk.session)).to_contain_text("Hello!")
    assert len(streams) == 1
    # One connection that carries sessions and the feed.
    with house.product() as product:
        while (count := product.get("/status")["streams"]) > 2:
            olga.page.wait_for_timeout(50)
    assert count == 2
    desks[-1].write("Only colleagues see this.", "note")
    expect(desks[-1].entries("operator_note")).to_contain_text("Only colleagues see this.")
    no_serious_axe_findings(desks[-1].page)
    olga.page.close()
    for desk in desks[1:]:
        desk.page.close()
    with house.product() as product:
        product.say(sessions[0], "where is order 1007")
    expect(desks[0].said("agent").last).to_contain_text("Order 1007 is")
