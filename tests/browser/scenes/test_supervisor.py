"""Somebody who oversees others: sees who waits, reads along, steps in, decides, and takes the evidence with them."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.conftest import Tab
from tests.browser.scenes.conftest import MILLISECONDS, OpenChat
from tests.browser.scenes.overview import Overview
from tests.browser.scenes.test_refunds import ask_for_refund


@pytest.fixture
def admin(tab: Tab) -> Page:
    page = tab("supervisor", path="/admin/", reduced_motion="reduce")
    page.set_default_timeout(MILLISECONDS)
    return page


def test_from_the_dashboard_to_a_decision_its_audit_entry_and_the_exported_transcript(
    admin: Page, chat: OpenChat
) -> None:
    customer = chat()
    session = ask_for_refund(customer, 1017)
    admin.reload()
    no_serious_axe_findings(admin)
    admin.get_by_role("link", name="Live sessions: show the list").click()
    admin.get_by_role("link", name=session, exact=True).click()
    overview = Overview(admin)
    address = admin.url
    admin.get_by_role("link", name="Open this request").click()
    no_serious_axe_findings(admin)
    admin.get_by_label("Reason").first.fill("He has waited long enough.")
    admin.get_by_role("button", name="Approve", exact=True).click()
    customer.hears("of order 1017 is refunded")

    admin.get_by_role("link", name="permission.approved").click()
    expect(admin.locator("#content")).to_contain_text("He has waited long enough.")
    no_serious_axe_findings(admin)

    admin.goto(address)
    expect(overview.entries("permission")).to_contain_text("He has waited long enough.")
    with admin.expect_download() as begun:
        admin.get_by_role("link", name="JSON", exact=True).click()
    assert begun.value.suggested_filename == f"session-{session}.json"
    document = json.loads(Path(begun.value.path()).read_text())
    assert document["session"]["name"] == session
    cleared = [event["data"] for event in document["events"] if event["type"] == "permission_cleared"]
    assert [(one["outcome"], one["decided_by"]) for one in cleared] == [("approved", "user:supervisor")]
    with admin.expect_download() as begun:
        admin.get_by_role("link", name="CSV", exact=True).click()
    assert "He has waited long enough." in Path(begun.value.path()).read_text()
    admin.get_by_role("link", name="To print", exact=True).click()
    expect(admin.locator(".end")).to_have_text("End of the transcript.")
    expect(admin.locator('[data-kind="permission_cleared"]')).to_contain_text("approved")
    no_serious_axe_findings(admin)


def test_what_happens_while_the_page_is_open_appears_and_can_be_stepped_into(admin: Page, chat: OpenChat) -> None:
    customer = chat()
    session = ask_for_refund(customer, 1016)
    admin.goto("/admin/sessions_app/session/")
    no_serious_axe_findings(admin)
    admin.locator("#searchbar").fill("1016")
    admin.locator("#searchbar").press("Enter")
    admin.get_by_role("link", name=session).click()
    overview = Overview(admin)
    no_serious_axe_findings(admin)
    expect(overview.entries("permission")).to_contain_text("refund_order")

    customer.say("are you still there?")
    expect(overview.said("customer").last).to_have_text("are you still there?")
    customer.ask_for_person()
    expect(overview.entries("handoff_requested")).to_be_visible()
    expect(overview.facts).to_contain_text("waiting since")
    overview.offer("Take over").click()
    expect(overview.facts.locator(".state")).to_have_text("staffed")
    expect(overview.entries("handoff_accepted")).to_contain_text("supervisor")
    overview.offer("Close").click()
    no_serious_axe_findings(admin)
    admin.get_by_label("Why?").fill("Solved by phone.")
    admin.get_by_role("button", name="Close").click()
    expect(overview.facts.locator(".state")).to_have_text("closed")
    expect(overview.entries("session_closed")).to_contain_text("Solved by phone.")
    expect(overview.facts.locator(".overview-actions form")).to_have_count(0)
