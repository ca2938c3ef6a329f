"""The stream client in a real browser, on a real installation."""

from playwright.sync_api import Page, Request

from tests.browser.conftest import Tab
from tests.browser.guard import Guard
from tests.browser.house import House
from tests.browser.listening import durable, listen, wait_for_event, wait_for_seq, wait_for_state

LIVE = {"name": "live", "attempt": 0, "seconds": 0, "bus": "redis", "reason": "", "problem": None}


def tickets_of(page: Page) -> list[str]:
    """The addresses of the tickets that this page fetches from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/stream-ticket"):
            asked.append(request.url)

    page.on("request", note)
    return asked


def test_a_page_sees_what_the_log_holds_and_hears_the_words_as_they_are_spoken(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session, level="operator")
    assert wait_for_state(page, "live") == LIVE
    with house.product() as product:
        product.say(session, "hello")
        wait_for_event(page, "run_completed")
        log = product.log(session)
    wait_for_seq(page, session, log[-1]["seq"])
    assert durable(page, session) == log
    spoken = [event["data"] for event in log if event["type"] == "message_completed" and event["run"]]
    for message in spoken:
        said = page.evaluate("id => window.texts[id]", message["message_id"])
        assert said[-1]["settled"]
        assert said[-1]["text"] == message["text"] == page.evaluate("id => stream.text(id)", message["message_id"])
        assert len(said) > 1
        assert all(message["text"].startswith(part["text"]) for part in said)


def test_each_event_is_also_dispatched_under_its_own_name(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session)
    page.evaluate(
        "() => { window.own = []; stream.addEventListener('run_completed', ({detail}) => own.push(detail.type)); }"
    )
    with house.product() as product:
        product.say(session, "hello")
    page.wait_for_function("() => window.own.length === 1")
    assert page.evaluate("() => window.own") == ["run_completed"]


def test_it_goes_on_after_the_seq_it_is_given_and_tells_nothing_again(house: House, tab: Tab) -> None:
    session = house.open_session()
    with house.product() as product:
        product.say(session, "hello")
        page = tab("operator")
        listen(page, session=session)
        wait_for_event(page, "run_completed")
        reached = page.evaluate("() => stream.cursor()")
        again = tab(of=page)
        listen(again, session=session, after=reached)
        wait_for_state(again, "live")
        product.say(session, "hello again")
        wait_for_event(again, "message_completed")
        assert durable(again, session)[0]["seq"] > reached


def test_whoever_joins_in_mid_sentence_has_the_sentence_from_its_beginning(house: House, tab: Tab) -> None:
    session = house.open_session()
    with house.product() as product:
        page = tab("operator")
        listen(page, session=session)
        product.say(session, "slow 3")
        wait_for_event(page, "message_chunk", 3)
        late = tab(of=page)
        listen(late, session=session, after=page.evaluate("() => stream.cursor()"))
        wait_for_event(late, "message_chunk")
        first = late.evaluate("() => window.seen.find(({type}) => type === 'message_chunk')")
        assert first["data"]["offset"] == 0
        wait_for_event(late, "message_completed")
        message = late.evaluate("() => window.seen.find(({type}) => type === 'message_completed').data")
        parts = late.evaluate("id => window.texts[id]", message["message_id"])
        assert len(parts) > 2
        assert [message["text"].startswith(part["text"]) for part in parts] == [True] * len(parts)
        assert parts[-1]["text"] == message["text"]


def test_a_fresh_ticket_is_fetched_for_every_connection(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    asked = tickets_of(page)
    listen(page, session=session)
    for count in range(1, 4):
        wait_for_event(page, "connected", count)
        page.evaluate("() => stream.reconnect()")
    wait_for_event(page, "connected", 4)
    assert len(asked) == 4
    assert [event["seq"] for event in durable(page, session)] == [1]


def test_a_ticket_that_is_refused_is_final_and_shown(house: House, tab: Tab, guard: Guard) -> None:
    guard.allow("status of 404")
    page = tab("operator")
    listen(page, session="no-such-session")
    state = wait_for_state(page, "offline")
    assert state["problem"] == {
        "status": 404,
        "code": "not_found",
        "detail": "There is no such session.",
        "final": True,
    }
    assert page.evaluate("() => window.ended.map(({problem}) => problem.code)") == ["not_found"]


def test_a_stream_that_is_refused_to_the_cookie_is_final_and_shown(house: House, tab: Tab, guard: Guard) -> None:
    """EventSource itself does not tell why it was refused."""
    guard.allow("status of 401")
    page = tab()
    listen(page, sessions={house.open_session(): 0})
    state = wait_for_state(page, "offline")
    assert (state["problem"]["status"], state["problem"]["code"]) == (401, "unauthenticated")


def test_a_ticket_that_is_no_longer_good_costs_an_attempt_and_not_the_stream(
    house: House, tab: Tab, guard: Guard
) -> None:
    guard.allow("status of 401")
    session = house.open_session()
    page = tab("operator")
    page.evaluate(
        """async session => {
            const {Api} = await import("/static/handrail/api.js");
            const {SessionStream} = await import("/static/handrail/session-stream.js");
            let asked = 0;
            window.stream = new SessionStream({session, ticket: async () => {
                asked += 1;
                return asked === 1 ? {token: "stale"} : new Api().post(`/sessions/${session}/stream-ticket`);
            }});
            stream.open();
        }""",
        session,
    )
    wait_for_state(page, "live")


def test_several_sessions_come_over_one_connection_each_with_its_own_cursor(house: House, tab: Tab) -> None:
    one, two = house.open_session(), house.open_session()
    page = tab("operator")
    listen(page, sessions={one: 0, two: 1})
    wait_for_event(page, "connected", 2)
    with house.product() as product:
        product.say(two, "hello")
        wait_for_seq(page, two, 2)
        wait_for_seq(page, one, 1)
        product.say(one, "hello")
        wait_for_seq(page, one, 2)
    assert durable(page, two)[0]["seq"] == 2
    assert page.evaluate("two => stream.cursor(two)", two) >= 2


def test_a_log_that_is_shorter_than_what_was_read_is_told_from_its_beginning(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session, after=500)
    wait_for_seq(page, session, 1)
    assert page.evaluate("() => window.resets") == [{"session": session}]
    assert page.evaluate("() => window.seen.map(({data}) => data.code).filter(Boolean)") == ["cursor_ahead"]


def test_a_closed_stream_says_nothing_more_and_can_be_opened_again(house: House, tab: Tab) -> None:
    session = house.open_session()
    page = tab("operator")
    listen(page, session=session)
    wait_for_event(page, "session_started")
    page.evaluate("() => stream.close()")
    with house.product() as product:
        product.say(session, "hello")
        assert len(durable(page, session)) == 1
        page.evaluate("() => stream.open()")
        wait_for_event(page, "run_completed")
        log = product.log(session)
    wait_for_seq(page, session, log[-1]["seq"])
    assert [event["seq"] for event in durable(page, session)] == [
        event["seq"] for event in log if event["type"] not in ("reasoning_started", "reasoning_completed")
    ]
