"""The stream client while servers die, freeze and come back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab
from tests.browser.guard import Guard
from tests.browser.house import House
from tests.browser.listening import (
    durable,
    listen,
    names_of_states,
    share,
    wait_for_event,
    wait_for_seq,
    wait_for_state,
)

DOWN = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE"
RUN_SECONDS = 60.0


@pytest.fixture(scope="module")
def broken_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("broken-house"), STREAM_HEARTBEAT_SECONDS="2")
    yield house
    house.close()


@pytest.fixture
def house(broken_house: House) -> House:
    """One of this module's own, whose web process is killed and frozen."""
    return broken_house


@pytest.fixture(autouse=True)
def _down(guard: Guard) -> None:
    """While no server is there the browser says so."""
    guard.allow(DOWN)


def test_a_server_that_is_killed_in_mid_sentence_costs_no_word_and_repeats_none(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    other = tab(of=page)
    listen(page, session=session, level="operator")
    share(other, {session: 0})
    for reader in (page, other):
        wait_for_state(reader, "live")
    with house.product() as product:
        product.say(session, "slow 8")
        wait_for_event(page, "message_chunk", 5)
        house.web.kill()
        wait_for_state(page, "reconnecting")
        house.serve_again()
        for reader in (page, other):
            reader.wait_for_function("() => stream.state.name === 'live'", timeout=40_000)
            reader.wait_for_function(
                "() => window.seen.some(({type}) => type === 'run_completed')", timeout=RUN_SECONDS * 1000
            )
        log = product.log(session)
    for reader in (page, other):
        wait_for_seq(reader, session, log[-1]["seq"])
        assert durable(reader, session) == log
        message = next(event["data"] for event in log if event["type"] == "message_completed" and event["run"])
        parts = reader.evaluate("id => window.texts[id].map(({text}) => text)", message["message_id"])
        # The words so far only ever grow; what settles the text repeats it, or ends it when the last words were missed.
        assert parts[:-1] == sorted(set(parts[:-1]), key=len)
        assert all(message["text"].startswith(part) for part in parts)
        assert parts[-1] == message["text"]
    assert page.evaluate("() => window.seen.filter(({type}) => type === 'connected').length") >= 2


def test_five_tries_with_growing_pauses_and_then_a_button(house: House, tab: Tab) -> None:
    page = tab("operator")
    page.clock.install()
    page.reload()
    page.evaluate("() => { Math.random = () => 0.5; }")
    page.route("**/stream-ticket", lambda route: route.abort("connectionrefused"))
    listen(page, session=house.open_session())
    waits = []
    for attempt in range(1, 6):
        page.wait_for_function("attempt => stream.state.attempt === attempt && stream.state.seconds > 0", arg=attempt)
        waits.append(page.evaluate("() => stream.state.seconds"))
        page.clock.fast_forward(waits[-1] * 1000)
    state = wait_for_state(page, "offline")
    assert waits == [1, 2, 4, 8, 16]
    assert (state["problem"]["code"], state["problem"]["final"]) == ("unreachable", False)
    page.clock.fast_forward(600_000)
    assert page.evaluate("() => stream.state.name") == "offline"
    page.unroute("**/stream-ticket")
    page.evaluate("() => stream.reconnect()")
    wait_for_state(page, "live")


def test_the_pauses_are_spread_and_the_seconds_are_counted_down(house: House, tab: Tab) -> None:
    page = tab("operator")
    page.clock.install()
    page.reload()
    page.evaluate("() => { Math.random = () => 1; }")
    page.route("**/stream-ticket", lambda route: route.abort("connectionrefused"))
    listen(page, session=house.open_session())
    page.wait_for_function("() => stream.state.attempt === 1")
    page.clock.fast_forward(2_000)
    page.wait_for_function("() => stream.state.attempt === 2 && stream.state.seconds > 0")
    # 2 s and a fifth of it.
    assert page.evaluate("() => stream.state.seconds") == 3
    page.wait_for_function("() => window.states.some(({attempt, seconds}) => attempt === 2 && seconds === 2)")


def test_a_server_that_hangs_is_noticed_told_and_left(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session, ticket=None)
    wait_for_state(page, "live")
    house.web.freeze()
    try:
        late = wait_for_state(page, "degraded")
        assert late["reason"] == "late"
        wait_for_state(page, "reconnecting")
    finally:
        house.web.thaw()
    page.wait_for_function("() => stream.state.name === 'live'", timeout=40_000)
    names = names_of_states(page)
    assert names.index("degraded") < names.index("reconnecting")


def test_a_browser_without_a_network_says_so_and_is_back_at_once_with_it(house: House, tab: Tab, guard: Guard) -> None:
    guard.allow("ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED")
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session)
    wait_for_state(page, "live")
    page.context.set_offline(True)
    state = wait_for_state(page, "offline")
    assert state["problem"]["code"] == "browser_offline"
    page.context.set_offline(False)
    wait_for_state(page, "live")
    names = names_of_states(page)
    assert names[names.index("offline") + 1] == "reconnecting"


def test_a_tab_that_is_looked_at_again_does_not_wait_for_its_next_try(house: House, tab: Tab) -> None:
    page = tab("operator")
    page.clock.install()
    page.reload()
    page.route("**/stream-ticket", lambda route: route.abort("connectionrefused"))
    listen(page, session=house.open_session())
    for attempt in (1, 2, 3):
        page.wait_for_function("attempt => stream.state.attempt === attempt && stream.state.seconds > 0", arg=attempt)
        page.clock.fast_forward(20_000)
    page.unroute("**/stream-ticket")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    wait_for_state(page, "live")


def test_a_tab_restored_from_memory_connects_anew(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session)
    wait_for_event(page, "session_started")
    page.evaluate(
        """() => {
            dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true}));
            dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
        }"""
    )
    wait_for_event(page, "connected", 2)
    wait_for_state(page, "live")
    assert [event["seq"] for event in durable(page, session)] == [1]


def test_a_computer_that_slept_looks_at_once_whether_its_stream_still_lives(house: House, tab: Tab) -> None:
    page = tab("operator")
    page.clock.install()
    page.reload()
    listen(page, session=house.open_session())
    wait_for_state(page, "live")
    page.clock.fast_forward(3_600_000)
    wait_for_event(page, "connected", 2)
    wait_for_state(page, "live")


def test_a_stream_that_the_server_ends_is_opened_again_at_once(house: House, tab: Tab) -> None:
    session = house.open_session()
    page: Page = tab("operator")
    # Long enough alive to have been a good connection.
    page.clock.install()
    page.reload()
    listen(page, session=session)
    wait_for_state(page, "live")
    page.clock.run_for(4_000)
    page.clock.run_for(2_000)
    assert house.web.stop() == 0
    house.serve_again()
    page.clock.resume()
    page.wait_for_function("() => window.seen.filter(({type}) => type === 'connected').length === 2", timeout=40_000)
    first = page.evaluate("() => window.states.find(({name}) => name === 'reconnecting')")
    assert (first["attempt"], first["seconds"], first["problem"]) == (0, 0, None)
    wait_for_state(page, "live")


def test_without_redis_the_stream_says_that_it_is_degraded_and_then_live_again(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session)
    assert wait_for_state(page, "live")["bus"] == "redis"
    house.valkey.kill()
    state = wait_for_state(page, "degraded")
    assert (state["reason"], state["bus"]) == ("bus", "log")
    house.valkey.start()
    page.wait_for_function("() => stream.state.name === 'live'", timeout=40_000)
    assert page.evaluate("() => window.seen.filter(({type}) => type === 'connected').length") == 1
