"""A permission request's card, in the queue and in a transcript."""

from playwright.sync_api import Locator, expect


class Card:
    def __init__(self, place: Locator) -> None:
        self.place = place
        self.page = place.page

    def button(self, how: str) -> Locator:
        """`how` is approve, deny, edit or always."""
        return self.place.locator(f'[data-decide="{how}"]')

    def begin(self, how: str) -> Locator:
        """Press a button that asks for more. Returns its dialog."""
        self.button(how).click()
        dialog = self.page.locator(f"#dialog-{how}")
        expect(dialog).to_be_visible()
        return dialog

    def is_decided(self, outcome: str, by: str) -> None:
        """Wait until the card says so, and offers no button any more."""
        decision = self.place.locator('[data-slot="decision"]')
        expect(decision).to_contain_text(outcome)
        expect(decision).to_contain_text(by)
        expect(self.place.locator('[data-slot="actions"]')).to_be_hidden()
