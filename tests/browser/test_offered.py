"""What the workbench offers an operator to do in a session that somebody else serves."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab

ASK = """async ([role, colleagues]) => {
    const {offered} = await import("/static/handrail/workbench/session-state.js");
    const offers = offered({status: "staffed", operator: "olga"}, {name: "otto", role}, {colleagues});
    return Object.keys(offers).filter((action) => offers[action]).sort();
}"""


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab()


def test_a_session_of_a_colleague_is_left_to_them_and_to_supervisors(page: Page) -> None:
    assert page.evaluate(ASK, ["operator", ["olga"]]) == ["note"]
    assert page.evaluate(ASK, ["supervisor", ["olga"]]) == ["close", "note", "reply", "return", "transfer"]


def test_a_session_of_somebody_who_has_left_can_be_taken_over(page: Page) -> None:
    assert page.evaluate(ASK, ["operator", []]) == ["accept", "note"]
