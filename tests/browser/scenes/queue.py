"""The queue, as an operator sees it."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.scenes.card import Card
from tests.browser.scenes.session import SessionPage


class Queue:
    def __init__(self, page: Page, user: str) -> None:
        self.page = page
        self.user = user
        is_live(page)

    def row(self, session: str, group: str | None = None) -> Locator:
        """A session's row, in one of waiting, mine, others and closed, or wherever it is."""
        place = f'[data-group="{group}"] ' if group else ""
        return self.page.locator(f'{place}.row[data-key="{session}"]')

    def request(self, session: str) -> Card:
        """The card of what the session's agent asks."""
        link = self.page.locator(f'.request-session[href*="/sessions/{session}/"]')
        return Card(self.page.locator("#requests .permission", has=link))

    def open(self, session: str) -> SessionPage:
        self.page.goto(f"/workbench/sessions/{session}/")
        return SessionPage(self.page, session)

    def claim(self, session: str) -> None:
        self.row(session, "waiting").locator('[data-action="claim"]').click()


def is_live(page: Page) -> None:
    expect(page.locator('[data-slot="connection"]')).to_have_attribute("data-state", "live")
