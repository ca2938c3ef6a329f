"""How many sessions the queue says there are, of which it has loaded some."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab

BEGIN = """async ([rows, counts]) => {
    const {QueueStore} = await import("/static/handrail/workbench/queue-store.js");
    window.store = new QueueStore("olga");
    store.reconcile({rows, counts}, 0);
}"""
COUNTS = {"open": 700, "waiting": 2, "mine": 1, "closed": 40}


def row(name: str, status: str, *, seq: int = 1, operator: str = "") -> dict[str, Any]:
    return {"name": name, "status": status, "last_seq": seq, "operator": operator}


ROWS = [row("a", "active"), row("w", "waiting"), row("m", "staffed", operator="olga")]


@pytest.fixture
def page(tab: Tab) -> Page:
    page = tab()
    page.evaluate(BEGIN, [ROWS, COUNTS])
    return page


def changes(page: Page, *news: dict[str, Any]) -> dict[str, int]:
    """By how much the counts differ from COUNTS after news of sessions."""
    counts: dict[str, int] = page.evaluate(
        "(news) => { news.forEach((one) => store.put(one)); return store.counts() }", news
    )
    return {view: counts[view] - before for view, before in COUNTS.items() if counts[view] != before}


def test_the_counts_are_the_servers_also_of_what_is_not_loaded(page: Page) -> None:
    assert changes(page) == {}


def test_a_session_is_counted_where_it_stands_now(page: Page) -> None:
    assert changes(page, row("w", "staffed", seq=2, operator="olga")) == {"waiting": -1, "mine": 1}
    assert changes(page, row("w", "staffed", seq=3, operator="omar")) == {"waiting": -1}
    assert changes(page, row("w", "closed", seq=4)) == {"waiting": -1, "open": -1, "closed": 1}


def test_news_that_was_known_or_is_old_counts_nothing(page: Page) -> None:
    again = row("w", "active", seq=2)
    assert changes(page, again, again, row("w", "closed", seq=1)) == {"waiting": -1}


def test_a_new_session_is_one_more(page: Page) -> None:
    assert changes(page, row("n", "waiting")) == {"open": 1, "waiting": 1}


def test_what_happened_while_the_server_was_asked_is_counted_once(page: Page) -> None:
    counts = page.evaluate(
        """([rows, counts]) => {
            const since = performance.now();
            store.put({name: "w", status: "closed", last_seq: 5, operator: ""});
            store.put({name: "new", status: "waiting", last_seq: 1, operator: ""});
            store.reconcile({rows, counts}, since);
            return store.counts();
        }""",
        [ROWS, COUNTS],
    )
    assert counts == {"open": 700, "waiting": 2, "mine": 1, "closed": 41}
