"""Several windows of one operator do not say that they are in several places at once."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab

BEGIN = """async () => {
    const {PresenceSeat} = await import("/static/handrail/workbench/presence-seat.js");
    document.hasFocus = () => window.focused === true;
    window.seat = new PresenceSeat("demo:olga");
}"""


@pytest.fixture
def windows(tab: Tab) -> list[Page]:
    first = tab()
    both = [first, tab(of=first)]
    for window in both:
        window.evaluate(BEGIN)
    return both


def takes(window: Page, *, focused: bool = False, later: int = 0) -> bool:
    taken: bool = window.evaluate(
        """([focused, later]) => {
            const now = Date.now;
            window.focused = focused;
            Date.now = () => now() + later * 1000;
            const taken = seat.take();
            Date.now = now;
            return taken;
        }""",
        [focused, later],
    )
    return taken


def test_the_window_that_was_used_last_speaks_for_its_operator(windows: list[Page]) -> None:
    queue, session = windows
    assert takes(queue)
    assert not takes(session)
    assert takes(session, focused=True)
    assert not takes(queue)
    assert takes(session)


def test_another_window_speaks_when_that_one_is_silent_hidden_or_gone(windows: list[Page]) -> None:
    queue, session = windows
    assert takes(session, focused=True)
    assert not takes(queue, later=20)
    assert takes(queue, later=31)
    assert takes(session, focused=True)
    session.evaluate("() => seat.leave()")
    assert takes(queue)
    assert takes(session, focused=True)
    session.close(run_before_unload=False)
    queue.wait_for_function("() => seat.take()")
