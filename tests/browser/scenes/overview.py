"""A session's page in the admin, as a supervisor sees it."""

from playwright.sync_api import Locator, Page, expect


class Overview:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.facts = page.locator("#facts")
        expect(page.locator('[data-slot="connection"]')).to_have_attribute("data-state", "live")

    def entries(self, kind: str) -> Locator:
        return self.page.locator(f'#transcript [data-kind="{kind}"]')

    def said(self, role: str) -> Locator:
        return self.page.locator(f'#transcript [data-kind="message"][data-role="{role}"] [data-slot="text"]')

    def offer(self, label: str) -> Locator:
        """A button or link of what can be done with the session."""
        return self.facts.locator(".overview-actions .button", has_text=label)
