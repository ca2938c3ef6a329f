"""Pages of the libraries we use, under our policy."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.conftest import Tab


def test_the_api_page_works_without_an_exception(tab: Tab) -> None:
    page = tab("operator", path="/api/v1/docs")
    page.locator(".opblock-summary", has_text="/api/v1/status").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_contain_text('"heartbeat_seconds"')


@pytest.mark.parametrize("path", ["/admin/", "/admin/sessions_app/session/", "/admin/agents_app/policyrule/add/"])
def test_the_admin_works_without_an_exception(tab: Tab, path: str) -> None:
    page = tab("root", path=path)
    expect(page.locator("#content h1")).to_be_visible()


@pytest.mark.parametrize("path", ["/admin/", "/admin/sessions_app/session/", "/admin/agents_app/run/"])
def test_the_admin_has_no_serious_axe_findings(tab: Tab, path: str) -> None:
    page = tab("root", path=path)
    expect(page.locator("#content h1")).to_be_visible()
    no_serious_axe_findings(page)
