"""Servers die in the middle of a sentence. Both pages say how it is, and end right without being loaded again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.guard import Guard
from tests.browser.house import House
from tests.browser.scenes.chat import Chat
from tests.browser.scenes.conftest import OpenChat, OpenQueue
from tests.browser.scenes.session import SessionPage

DOWN = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE"
SLOW_10 = " ".join(["one word after the other, without any hurry,"] * 12 + ["one word after the done."])
LIVE_AGAIN = 90_000
# Whatever a page ever shows of the sentence.
REMEMBER = """() => {
    window.shown = new Set();
    window.neverLoadedAgain = true;
    new MutationObserver(() => {
        for (const words of document.querySelectorAll("#transcript [data-role=agent] [data-slot=text]")) {
            shown.add(words.textContent.trim());
        }
    }).observe(document.getElementById("transcript"), {childList: true, subtree: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def broken_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("broken-house"), STREAM_HEARTBEAT_SECONDS="2")
    yield house
    house.close()


@pytest.fixture
def house(broken_house: House) -> House:
    """One of this module's own, whose processes are killed."""
    return broken_house


@pytest.fixture(autouse=True)
def _down(guard: Guard) -> None:
    """While no server is there the browser says so, and while it starts it may refuse."""
    guard.allow(DOWN)


class Watched:
    """A customer and an operator who watch one sentence being spoken."""

    def __init__(self, customer: Chat, desk: SessionPage) -> None:
        self.customer, self.desk = customer, desk
        self.pages: list[Page] = [customer.page, desk.page]
        for page in self.pages:
            page.evaluate(REMEMBER)

    @property
    def sentences(self) -> list[Locator]:
        return [self.customer.said("agent").last, self.desk.said("agent").last]

    def begin(self) -> None:
        self.customer.say("slow 10")
        for sentence in self.sentences:
            expect(sentence).to_contain_text("one word after")

    def end(self, count: int) -> None:
        """Wait until both have the whole sentence, once, and `count` of the agent's in all."""
        for page, sentence in zip(self.pages, self.sentences, strict=True):
            expect(sentence).to_have_text(SLOW_10, timeout=LIVE_AGAIN)
            assert page.evaluate("() => window.neverLoadedAgain")
            shown = [text for text in page.evaluate("() => [...shown]") if text.startswith("one")]
            assert len(shown) > 2
            assert [text for text in shown if not SLOW_10.startswith(text)] == []
            no_serious_axe_findings(page)
        expect(self.customer.said("agent")).to_have_count(count)
        expect(self.customer.said("customer")).to_have_count(count)
        expect(self.desk.said("agent")).to_have_count(count)
        expect(self.desk.said("customer")).to_have_count(count)


@pytest.fixture
def watched(chat: OpenChat, queue: OpenQueue) -> Watched:
    customer, olga = chat(), queue("olga")
    customer.open_panel()
    customer.say("hello")
    customer.hears("Hello!")
    return Watched(customer, olga.open(customer.session))


def reconnect(state: Locator, button: Locator) -> None:
    """Wait until a page is live again; a slow server may have taken longer than five tries."""
    state.page.wait_for_function(
        "place => ['live', 'offline'].includes(place.dataset.state)", arg=state.element_handle(), timeout=LIVE_AGAIN
    )
    if state.get_attribute("data-state") == "offline":
        button.click()
    expect(state).to_have_attribute("data-state", "live")


def test_the_web_server_is_killed_and_comes_back_and_no_word_is_lost_or_doubled(house: House, watched: Watched) -> None:
    connections = [watched.customer.page.locator("#connection"), watched.desk.connection]
    buttons = [watched.customer.page.locator("#reconnect"), watched.desk.page.locator('[data-action="reconnect"]')]
    watched.begin()
    house.web.kill()
    for connection in connections:
        expect(connection).to_have_attribute("data-state", "reconnecting")
        no_serious_axe_findings(connection.page)
    expect(watched.customer.page.locator("#lost")).to_be_visible()
    # Whoever listens is not told of every second.
    expect(watched.customer.page.locator("#lost-state")).to_have_text("reconnecting…")
    expect(watched.desk.connection).to_contain_text("of 5")
    for sentence in watched.sentences:
        expect(sentence).to_contain_text("one word after")
    house.serve_again()
    for connection, button in zip(connections, buttons, strict=True):
        reconnect(connection, button)
    expect(watched.customer.page.locator("#lost")).to_be_hidden()
    # At first perhaps "live, with short delays": the new process finds its bus a moment later.
    expect(watched.customer.page.locator("#lost-state")).to_have_text(re.compile("^live"))
    watched.end(count=2)
    watched.customer.say("hello")
    watched.customer.hears("Hello!")
    expect(watched.desk.said("agent").last).to_contain_text("Hello!")


def test_redis_is_stopped_and_comes_back_and_no_word_is_lost_or_doubled(house: House, watched: Watched) -> None:
    connections = [watched.customer.page.locator("#connection"), watched.desk.connection]
    watched.begin()
    house.valkey.kill()
    for connection in connections:
        expect(connection).to_have_attribute("data-state", "degraded")
        no_serious_axe_findings(connection.page)
    expect(watched.desk.connection).to_contain_text("Live, but slower")
    house.valkey.start()
    for connection in connections:
        expect(connection).to_have_attribute("data-state", "live", timeout=LIVE_AGAIN)
    watched.end(count=2)
    watched.customer.say("hello")
    watched.customer.hears("Hello!")


def test_after_five_tries_there_is_a_button_and_it_brings_everything_back(
    house: House, chat: OpenChat, queue: OpenQueue
) -> None:
    customer = chat()
    customer.open_panel()
    customer.say("hello")
    customer.hears("Hello!")
    desk = queue("omar").open(customer.session)
    connections = [customer.page.locator("#connection"), desk.connection]
    for connection in connections:
        page = connection.page
        page.clock.install()
        page.reload()
        expect(connection).to_have_attribute("data-state", "live")
    house.web.kill()
    for connection in connections:
        page = connection.page
        page.wait_for_function("place => place.dataset.state !== 'live'", arg=connection.element_handle())
        while connection.get_attribute("data-state") != "offline":
            page.clock.fast_forward(20_000)
            page.wait_for_timeout(50)
        no_serious_axe_findings(page)
    expect(desk.connection).to_contain_text("Offline")
    house.serve_again()
    house.wait_until_served()
    for connection in connections:
        expect(connection).to_have_attribute("data-state", "offline")
        connection.page.locator('[data-action="reconnect"]:visible').first.click()
        expect(connection).to_have_attribute("data-state", "live")
    customer.say("hello again")
    customer.hears("Hello!")
    expect(desk.said("customer").last).to_have_text("hello again")
