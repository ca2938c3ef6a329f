"""The React hook, in a real React."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab
from tests.browser.guard import Guard
from tests.browser.house import House

VENDOR = Path(__file__).parent / "vendor"
# `shown` is what the component was given at its last render; `renders` counts them.
MOUNT = """async ({options, strict}) => {
    const {createUseSessionStream} = await import("/static/handrail/use-session-stream.js");
    const useSessionStream = createUseSessionStream(React);
    window.renders = 0;
    function Talk(props) {
        const stream = useSessionStream(props);
        window.shown = stream;
        window.renders += 1;
        return React.createElement("ul", null, stream.messages.map(({message_id, role, text, status}) =>
            React.createElement("li", {key: message_id, className: status}, `${role}: ${text}`)));
    }
    const place = document.createElement("main");
    document.body.replaceChildren(place);
    window.root = ReactDOM.createRoot(place);
    window.show = (more) => {
        const talk = React.createElement(Talk, {...options, ...more});
        root.render(strict ? React.createElement(React.StrictMode, null, talk) : talk);
    };
    window.show({});
}"""


@pytest.fixture
def page(tab: Tab) -> Page:
    page = tab("operator")
    for name in ("react", "react-dom"):
        page.evaluate((VENDOR / f"{name}.js").read_text())
    return page


def mount(page: Page, *, strict: bool = False, **options: Any) -> None:
    page.evaluate(MOUNT, {"options": options, "strict": strict})


def asked(page: Page) -> dict[str, Any]:
    page.wait_for_function("() => window.shown.permissionRequest !== null")
    request: dict[str, Any] = page.evaluate("() => window.shown.permissionRequest")
    return request


def test_a_component_shows_the_words_as_they_are_spoken_and_sends_its_own(house: House, page: Page) -> None:
    session = house.open_session()
    mount(page, session=session)
    page.wait_for_function("() => window.shown.isConnected")
    assert page.evaluate("() => [shown.connection.name, shown.status, shown.messages]") == ["live", "active", []]
    with house.product() as product:
        product.say(session, "slow 2")
        page.wait_for_selector("li.speaking:has-text('agent: one word')")
        page.wait_for_selector("li.complete:has-text('done.')")
        assert page.inner_text("li >> nth=0") == "customer: slow 2"
        said = page.evaluate("() => shown.messages.map(({role, text, status}) => [role, text, status])")
        assert [entry["text"] for entry in product.get(f"/sessions/{session}/transcript")["entries"]
                if entry["kind"] == "message"] == [text for _, text, _ in said]  # fmt: skip
    assert {status for _, _, status in said} == {"complete"}


def test_a_request_is_shown_and_approved(house: House, page: Page) -> None:
    session = house.open_session()
    mount(page, session=session, level="operator")
    with house.product() as product:
        product.say(session, "refund order 1001 0.01")
        request = asked(page)
        assert (request["tool_name"], request["status"]) == ("refund_order", "pending")
        assert page.evaluate("() => shown.toolStatus.status") == "waiting_permission"
        page.evaluate("() => shown.approve()")
        page.wait_for_function("() => shown.toolStatus.status === 'completed'")
        page.wait_for_function("() => shown.permissionRequests.length === 0 && shown.permissionRequest === null")
        decided = product.get("/permission-requests", status="approved")["items"]
    assert [item["decided_by"] for item in decided if item["session"] == session] == ["user:operator"]


def test_a_request_is_denied_with_a_reason_and_only_once(house: House, page: Page, guard: Guard) -> None:
    guard.allow("status of 409")
    session = house.open_session()
    mount(page, session=session, level="operator")
    with house.product() as product:
        product.say(session, "refund order 1002 0.01")
        request = asked(page)
        page.evaluate("id => shown.deny(id, {reason: 'Not this one.'})", request["request_id"])
        page.wait_for_function("() => shown.toolStatus.status === 'denied'")
        again = page.evaluate(
            "id => shown.approve(id).catch(({status, code}) => ({status, code}))", request["request_id"]
        )
    assert again["status"] == 409


def test_a_customers_component_sees_no_request(house: House, page: Page) -> None:
    session = house.open_session()
    mount(page, session=session)
    with house.product() as product:
        product.say(session, "refund order 1003 0.01")
        page.wait_for_function("() => shown.toolStatus?.status === 'waiting_permission'")
        assert page.evaluate("() => [shown.permissionRequests, shown.toolStatus.arguments ?? null]") == [[], None]


def test_another_session_is_another_stream_and_an_unmounted_one_is_closed(house: House, page: Page) -> None:
    one, two = house.open_session(), house.open_session()
    with house.product() as product:
        mount(page, session=one)
        page.wait_for_function("() => shown.isConnected")
        page.evaluate("session => show({session})", two)
        page.wait_for_function("() => shown.isConnected")
        product.say(two, "hello")
        page.wait_for_selector("li.complete:has-text('rule-based demo')")
        assert product.get(f"/sessions/{two}/health")["streams"] == 1
        page.evaluate("() => root.unmount()")
        for session in (one, two):
            page.wait_for_function(
                "async (session) => (await (await fetch(`/api/v1/sessions/${session}/health`)).json()).streams === 0",
                arg=session,
            )


def test_it_survives_strict_mode_and_renders_only_for_news(house: House, page: Page) -> None:
    session = house.open_session()
    mount(page, session=session, strict=True)
    page.wait_for_function("() => shown.isConnected")
    with house.product() as product:
        product.say(session, "hello")
        page.wait_for_selector("li.complete:has-text('rule-based demo')")
        page.wait_for_function("() => shown.messages.length === 2")
        first = page.evaluate("() => { window.kept = shown.messages[0]; return kept.message_id; }")
        product.say(session, "hello again")
        page.wait_for_function("() => shown.messages.length === 4")
    assert page.evaluate("() => shown.messages[0] === kept")
    assert page.evaluate("() => shown.messages[0].message_id") == first
