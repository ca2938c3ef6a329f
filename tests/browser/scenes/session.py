"""One session at the workbench, as an operator sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Route, expect

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

    def mode(self, name: str) -> Locator:
        """reply, note or guide: whom the words in the field are for. Its circle is hidden behind its words."""
        return self.page.locator(f'#modes input[value="{name}"]')

    @contextmanager
    def held(self, address: str) -> Iterator[None]:
        """What the page sends to `address` leaves at the end of the block."""
        held: list[Route] = []
        self.page.route(address, lambda route: held.append(route))
        yield
        while not held:
            self.page.wait_for_timeout(20)
        for route in held:
            route.continue_()
        self.page.unroute(address)

    def write(self, text: str, mode: str = "reply") -> None:
        """Send a reply, a note, or guidance for the agent."""
        choice = self.page.locator(f'#modes input[value="{mode}"]')
        expect(choice).to_be_enabled()
        self.page.locator(f'#modes .mode:has(input[value="{mode}"])').click()
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.field).to_have_value("")
