"""One session at the workbench, as an operator sees it."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.scenes.card import Card


class SessionPage:
    def __init__(self, page: Page, session: str) -> None:
        self.page = page
        self.session = session
        self.field = page.locator("#words")
        self.toasts = page.locator(".toast")
        self.connection = page.locator('[data-slot="connection"]')
        expect(self.connection).to_have_attribute("data-state", "live")

    def entries(self, kind: str) -> Locator:
        return self.page.locator(f'#transcript [data-kind="{kind}"]')

    def said(self, role: str) -> Locator:
        return self.page.locator(f'#transcript [data-kind="message"][data-role="{role}"] [data-slot="text"]')

    @property
    def card(self) -> Card:
        """The newest permission request."""
        return Card(self.entries("permission").last)

    def action(self, name: str) -> Locator:
        """A button of the page: accept, return, transfer, close or stop."""
        return self.page.locator(f'main [data-action="{name}"]:visible')

    def begin(self, name: str) -> Locator:
        """Press a button that asks for more. Returns its dialog."""
        self.action(name).click()
        dialog = self.page.locator(f"#dialog-{name}")
        expect(dialog).to_be_visible()
        return dialog

    def write(self, text: str, mode: str = "reply") -> None:
        """Send a reply, a note, or guidance for the agent."""
        choice = self.page.locator(f'#modes input[value="{mode}"]')
        expect(choice).to_be_enabled()
        self.page.locator(f'#modes .mode:has(input[value="{mode}"])').click()
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.field).to_have_value("")
