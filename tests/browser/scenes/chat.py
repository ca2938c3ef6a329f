"""The customer's page, as a customer sees it."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect


class Chat:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.composer = page.locator("#text")
        self.serving = page.locator("#serving")
        self.activity = page.locator("#activity")

    @property
    def session(self) -> str:
        """The conversation's name, which is in the address once something was said."""
        self.page.wait_for_url("**/?session=*")
        return parse_qs(urlsplit(self.page.url).query)["session"][0]

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def entries(self, kind: str) -> Locator:
        return self.page.locator(f'#transcript [data-kind="{kind}"]')

    def said(self, role: str) -> Locator:
        """The words of every message by customer, agent or operator."""
        return self.page.locator(f'#transcript [data-kind="message"][data-role="{role}"] [data-slot="text"]')

    def hears(self, text: str, role: str = "agent") -> None:
        """Wait until the newest message by `role` is whole and has these words."""
        newest = self.page.locator(f'#transcript [data-kind="message"][data-role="{role}"][data-status="complete"]')
        expect(newest.last.locator('[data-slot="text"]')).to_contain_text(text)

    def ask_for_person(self) -> None:
        self.page.locator("#ask-person").click()

    def open_panel(self) -> None:
        """Connection, session and event log."""
        self.page.locator(".room-tools details summary").click()
        self.page.locator("#panel-toggle").click()
        expect(self.page.locator("#panel")).to_be_visible()
