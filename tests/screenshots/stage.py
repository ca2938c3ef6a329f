"""What is in front of the camera: a shop's afternoon, told through the API and the pages."""

import time
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.furnish import PASSWORD
from tests.browser.house import House

OPERATOR = "olga"
SESSION = "order-1003"
# Session, customer, and what the customer says.
TALKS = [
    ("order-1012", "Priya Nair", ["plan a shop"]),
    ("order-1015", "Sam Okoye", ["hello", "where is order 1015"]),
    ("order-1018", "Hugo Martin", ["where is order 1018"]),
    ("order-1006", "Aiko Tanaka", ["where is order 1006"]),
    ("order-1011", "Jonas Weber", ["where is order 1011"]),
    ("order-1009", "Tomás Vidal", ["where is order 1009"]),
    ("order-1004", "Mei Lin", ["refund order 1004 9.90"]),
    (SESSION, "Carla Romero", ["hello", "where is order 1003", "refund order 1003"]),
]
# Session, priority, reason.
WAITING = [
    ("order-1009", "urgent", "The parcel is marked as delivered and never came."),
    ("order-1011", "normal", "The customer asked for a person."),
]
SERVED = "order-1006"
ANSWER = "Hello Aiko, your order leaves our warehouse **today**. You will have it by Thursday."


def play(house: House, browser: Browser) -> dict[str, Any]:
    """Fill the installation. Returns what the browsers of its operator, a customer and its supervisor keep."""
    with house.product() as product:
        for name, customer, words in TALKS:
            product.post("/sessions", {"name": name, "customer": customer, "language": "en"})
            for text in words:
                product.say(name, text)
                while product.log(name)[-1]["type"] not in ("run_completed", "run_waiting"):
                    time.sleep(0.1)
        for name, priority, reason in WAITING:
            product.post(f"/sessions/{name}/handoff", {"priority": priority, "reason": reason})
    return {
        "operator": _serve(house, browser),
        "customer": _chat(house, browser),
        "supervisor": _oversee(house, browser),
    }


def _serve(house: House, browser: Browser) -> Any:
    page = browser.new_context(base_url=house.url).new_page()
    page.goto(f"/accounts/login/?next=/workbench/sessions/{SERVED}/")
    page.fill("[name=username]:visible", OPERATOR)
    page.fill("[name=password]:visible", PASSWORD)
    page.press("[name=password]:visible", "Enter")
    page.wait_for_url(f"**/sessions/{SERVED}/")
    page.locator('[data-action="accept"]:visible').click()
    expect(page.locator('#modes input[value="reply"]')).to_be_enabled()
    page.fill("#words", ANSWER)
    page.press("#words", "Enter")
    expect(page.locator('#transcript [data-role="operator"]')).to_be_visible()
    return _keep(page)


def _oversee(house: House, browser: Browser) -> Any:
    page = browser.new_context(base_url=house.url).new_page()
    page.goto("/admin/login/")
    page.fill("#id_username", "supervisor")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    return _keep(page)


def _chat(house: House, browser: Browser) -> Any:
    page = browser.new_context(base_url=house.url).new_page()
    page.goto("/")
    for text, answer in (("where is order 1002", "Order 1002 is"), ("refund order 1002", "I will refund")):
        page.fill("#text", text)
        page.press("#text", "Enter")
        expect(page.locator('#transcript [data-role="agent"][data-status="complete"]').last).to_contain_text(answer)
    expect(page.locator('#transcript [data-status="waiting_permission"]')).to_be_visible()
    return _keep(page)


def _keep(page: Page) -> Any:
    kept = page.context.storage_state()
    page.context.close()
    return kept
