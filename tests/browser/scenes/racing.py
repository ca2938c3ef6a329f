"""Two people who press at the same moment."""

from playwright.sync_api import Locator, Page, Route


def press_together(address: str, *buttons: Locator) -> None:
    """Press buttons of several pages; what they send to `address` leaves once all of them have sent it.

    So nobody has heard of the others when they press, and the server gets everything at once.
    """
    held: list[Route] = []
    pages: list[Page] = [button.page for button in buttons]
    for page in pages:
        page.route(address, lambda route: held.append(route))
    for button in buttons:
        button.click()
    while len(held) < len(buttons):
        pages[0].wait_for_timeout(20)
    for route in held:
        route.continue_()
    for page in pages:
        page.unroute(address)
