"""What library tests put into a page: a stream, and everything it says."""

from typing import Any

from playwright.sync_api import Page

LISTEN = """async ({module, options, watch}) => {
    const exports = await import(`/static/handrail/${module}.js`);
    const stream = new (exports.SessionStream ?? exports.SharedStream)(options);
    window.stream = stream;
    window.seen = [];
    window.states = [];
    window.texts = {};
    window.ended = [];
    window.resets = [];
    stream.addEventListener("event", ({detail}) => window.seen.push(detail));
    stream.addEventListener("state", ({detail}) => window.states.push(detail));
    stream.addEventListener("ended", ({detail}) => window.ended.push(detail));
    stream.addEventListener("reset", ({detail}) => window.resets.push(detail));
    stream.addEventListener("text", ({detail}) => (window.texts[detail.message_id] ??= []).push(detail));
    Object.entries(watch ?? {}).forEach(([session, after]) => stream.watch(session, after));
    stream.open();
}"""


def listen(page: Page, **options: Any) -> None:
    page.evaluate(LISTEN, {"module": "session-stream", "options": options})


def share(page: Page, watch: dict[str, int], **options: Any) -> None:
    page.evaluate(LISTEN, {"module": "shared-stream", "options": {"scope": "test", **options}, "watch": watch})


def wait_for_state(page: Page, name: str) -> dict[str, Any]:
    page.wait_for_function("name => window.stream.state.name === name", arg=name)
    state: dict[str, Any] = page.evaluate("() => window.stream.state")
    return state


def wait_for_event(page: Page, type: str, count: int = 1) -> None:
    page.wait_for_function(
        "([type, count]) => window.seen.filter((event) => event.type === type).length >= count", arg=[type, count]
    )


def wait_for_seq(page: Page, session: str, seq: int) -> None:
    page.wait_for_function(
        "([session, seq]) => window.seen.some((event) => event.session === session && event.seq >= seq)",
        arg=[session, seq],
    )


def durable(page: Page, session: str) -> list[dict[str, Any]]:
    """The log as this page has it."""
    events: list[dict[str, Any]] = page.evaluate(
        "session => window.seen.filter((event) => event.seq !== null && event.session === session)", session
    )
    return events


def names_of_states(page: Page) -> list[str]:
    names: list[str] = page.evaluate("() => window.states.map(({name}) => name)")
    return names
