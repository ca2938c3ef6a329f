"""A real browser's EventSource: live, by itself again after a restart, and nothing twice."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Page, sync_playwright

from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Session
from tests.processes.product import Product
from tests.servers.chromium import ARGUMENTS
from tests.servers.processes import Process, Processes

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
LISTEN = """url => {
    window.seen = [];
    window.opened = [];
    window.source = new EventSource(url);
    window.source.onmessage = message => {
        const event = JSON.parse(message.data);
        if (event.type === "connected") window.opened.push(event.data.resumed_from);
        if (message.lastEventId && event.seq !== null) window.seen.push([message.lastEventId, event.seq, event.type]);
    };
}"""
SEEN = "count => window.seen.length >= count"
MILLISECONDS = 60_000


@pytest.fixture
def page(chromium_path: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser.new_page()
        browser.close()


def serve(processes: Processes, port: int) -> Process:
    """On a port of its own choosing, so that another can take its place there."""
    words = ["-m", "config.serving.daphne", "--port", str(port)]
    return processes.start("web-again", *words, STREAM_RETRY_MILLISECONDS="200")


def missed(session: Session) -> None:
    """Something that happens while nobody serves. In a thread, because the browser's loop runs in this one."""

    def happen() -> None:
        record(session, EventType.NOTICE, {"code": "missed"})
        connection.close()

    thread = threading.Thread(target=happen)
    thread.start()
    thread.join()


def test_an_event_source_reconnects_by_itself_and_has_every_event_once(
    processes: Processes, session: Session, key: str, page: Page
) -> None:
    web = processes.web(STREAM_RETRY_MILLISECONDS="200")
    with Product(web.url, key) as product:
        ticket = product.post(f"/sessions/{session.name}/stream-ticket", {"level": "operator"})["token"]
        page.goto(f"{web.url}/api/v1/health")
        page.evaluate(LISTEN, f"/api/v1/sessions/{session.name}/events?token={ticket}")
        product.say(session.name, "one")
        page.wait_for_function(SEEN, arg=3, timeout=MILLISECONDS)
        web.kill()
        missed(session)
        serve(processes, web.port)
        page.wait_for_function("() => window.opened.length >= 2", timeout=MILLISECONDS)
        product.say(session.name, "two")
        log = product.log(session.name)
        page.wait_for_function(SEEN, arg=len(log), timeout=MILLISECONDS)
        seen = page.evaluate("() => window.seen")
        assert seen == [[str(event["seq"]), event["seq"], event["type"]] for event in log]
        assert page.evaluate("() => window.opened") == [0, 3]
