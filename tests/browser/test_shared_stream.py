"""One connection for all tabs of a browser."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab
from tests.browser.house import House
from tests.browser.listening import durable, share, wait_for_event, wait_for_seq, wait_for_state
from tests.processes.product import Product

TABS = 10


@pytest.fixture(autouse=True)
def _quiet(house: House) -> None:
    """Streams of the last test have ended: this one counts them."""
    with house.product() as product:
        wait_for_streams(product, 0)


def wait_for_streams(product: Product, count: int) -> None:
    """The server notices that a reader has gone when it next writes to it, or is told."""
    for _ in range(200):
        if product.get("/status")["streams"] == count:
            return
        time.sleep(0.05)
    raise AssertionError(f"{product.get('/status')['streams']} streams instead of {count}.")


def leaders(pages: list[Page]) -> list[Page]:
    return [page for page in pages if page.evaluate("() => window.stream.leads")]


def seqs(events: list[dict[str, Any]]) -> list[int]:
    return [event["seq"] for event in events]


def test_ten_tabs_have_one_connection_and_everything_still_answers(house: House, tab: Tab) -> None:
    sessions = [house.open_session() for _ in range(TABS)]
    pages = [tab("operator")]
    pages += [tab(of=pages[0]) for _ in range(TABS - 1)]
    for page, session in zip(pages, sessions, strict=True):
        share(page, {session: 0})
    for page, session in zip(pages, sessions, strict=True):
        wait_for_state(page, "live")
        wait_for_seq(page, session, 1)
    with house.product() as product:
        wait_for_streams(product, 1)
        assert len(leaders(pages)) == 1
        for page in pages:
            # Six connections of one's own would leave none for this.
            assert page.evaluate("async () => (await fetch('/api/v1/health')).status") == 200
        for session in sessions:
            product.say(session, "hello")
        for page, session in zip(pages, sessions, strict=True):
            wait_for_event(page, "run_completed")
            log = product.log(session)
            wait_for_seq(page, session, log[-1]["seq"])
            assert durable(page, session) == log
        wait_for_streams(product, 1)


def test_a_tab_that_joins_in_mid_sentence_has_all_of_it_and_the_others_nothing_twice(house: House, tab: Tab) -> None:
    session = house.open_session()
    first = tab("operator")
    share(first, {session: 0})
    with house.product() as product:
        wait_for_seq(first, session, 1)
        product.say(session, "slow 3")
        wait_for_event(first, "message_chunk", 3)
        second = tab(of=first)
        share(second, {session: 0})
        for page in (first, second):
            wait_for_event(page, "run_completed")
        log = product.log(session)
        for page in (first, second):
            wait_for_seq(page, session, log[-1]["seq"])
            assert durable(page, session) == log
        message = next(event["data"] for event in log if event["type"] == "message_completed" and event["run"])
        for page in (first, second):
            parts = page.evaluate("id => window.texts[id].map(({text}) => text)", message["message_id"])
            # What settles the text repeats it.
            assert parts[:-1] == sorted(set(parts), key=len)
            assert parts[-1] == message["text"]
            assert len(parts) > 3
        assert second.evaluate("() => window.states.map(({name}) => name)")[-1] == "live"


def test_when_the_tab_that_leads_is_closed_another_goes_on_from_where_all_are(house: House, tab: Tab) -> None:
    one, two = house.open_session(), house.open_session()
    first = tab("operator")
    pages = [first, tab(of=first), tab(of=first)]
    for page, session in zip(pages, (one, two, two), strict=True):
        share(page, {session: 0})
        wait_for_seq(page, session, 1)
    with house.product() as product:
        (leader,) = leaders(pages)
        product.say(two, "slow 2")
        rest = [page for page in pages if page is not leader]
        wait_for_event(rest[-1], "message_chunk", 2)
        leader.close()
        wait_for_event(rest[-1], "run_completed")
        assert len(leaders(rest)) == 1
        log = product.log(two)
        wait_for_seq(rest[-1], two, log[-1]["seq"])
        assert durable(rest[-1], two) == log
        wait_for_streams(product, 1)


def test_a_tab_that_is_behind_is_given_what_it_missed_and_nobody_else_is(house: House, tab: Tab) -> None:
    session = house.open_session()
    first = tab("operator")
    share(first, {session: 0})
    with house.product() as product:
        product.say(session, "hello")
        wait_for_event(first, "run_completed")
        second = tab(of=first)
        share(second, {session: 2})
        log = product.log(session)
        wait_for_seq(second, session, log[-1]["seq"])
        assert seqs(durable(second, session)) == seqs(log[2:])
        assert seqs(durable(first, session)) == seqs(log)


def test_a_session_that_is_left_is_not_heard_any_more(house: House, tab: Tab) -> None:
    one, two = house.open_session(), house.open_session()
    page = tab("operator")
    share(page, {one: 0, two: 0})
    wait_for_seq(page, one, 1)
    wait_for_seq(page, two, 1)
    page.evaluate("one => stream.unwatch(one)", one)
    with house.product() as product:
        product.say(one, "hello")
        product.say(two, "hello")
        wait_for_event(page, "run_completed")
    assert seqs(durable(page, one)) == [1]


def test_more_sessions_than_one_connection_carries_are_all_heard(house: House, tab: Tab) -> None:
    many = {house.open_session(): 0 for _ in range(50)}
    last = house.open_session()
    first = tab("operator")
    share(first, many)
    wait_for_state(first, "live")
    second = tab(of=first)
    share(second, {last: 0})
    wait_for_seq(second, last, 1)
    for session in many:
        wait_for_seq(first, session, 1)


def test_without_web_locks_each_tab_connects_for_itself(house: House, tab: Tab) -> None:
    session = house.open_session()
    first = tab("operator")
    second = tab(of=first)
    for page in (first, second):
        page.evaluate("() => Object.defineProperty(navigator, 'locks', {value: undefined})")
        share(page, {session: 0})
        wait_for_seq(page, session, 1)
    with house.product() as product:
        wait_for_streams(product, 2)


def test_a_leader_that_hangs_loses_its_place_to_a_tab_that_somebody_looks_at(house: House, tab: Tab) -> None:
    session = house.open_session()
    first = tab("operator")
    share(first, {session: 0})
    wait_for_seq(first, session, 1)
    second = tab(of=first)
    second.clock.install()
    second.reload()
    share(second, {session: 0})
    wait_for_state(second, "live")
    second.wait_for_function("() => window.seen.some(({type}) => type === 'connected')")
    # As in a print dialog: it holds the lock and passes nothing on.
    first.evaluate("() => { BroadcastChannel.prototype.postMessage = () => {}; }")
    second.clock.fast_forward(18_000)
    assert wait_for_state(second, "degraded")["reason"] == "late"
    second.clock.fast_forward(60_000)
    second.wait_for_function("() => stream.leads")
    first.wait_for_function("() => !stream.leads")
    with house.product() as product:
        product.say(session, "hello")
        wait_for_event(second, "run_completed")


def test_a_customers_tabs_share_the_stream_of_their_one_session(house: House, tab: Tab) -> None:
    session = house.open_session()
    with house.product() as product:
        first = tab()
        second = tab(of=first)
        for page in (first, second):
            page.expose_function("askTicket", lambda: product.post(f"/sessions/{session}/stream-ticket", {}))
            page.evaluate(
                """async session => {
                    const {SharedStream} = await import("/static/handrail/shared-stream.js");
                    window.seen = [];
                    window.stream = new SharedStream({scope: session, session, ticket: () => askTicket()});
                    stream.addEventListener("event", ({detail}) => seen.push(detail));
                    stream.watch(session, 0);
                    stream.open();
                }""",
                session,
            )
            wait_for_seq(page, session, 1)
        wait_for_streams(product, 1)
        product.say(session, "hello")
        for page in (first, second):
            wait_for_event(page, "run_completed")
            assert "permission_request" not in {event["type"] for event in durable(page, session)}
