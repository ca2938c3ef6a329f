"""A customer's browser: loaded again in mid-sentence, in another language, in a pocket."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.scenes.conftest import OpenChat, OpenQueue

SLOW_4 = " ".join(["one word after the other, without any hurry,"] * 5 + ["done."])
LANGUAGES = ["zh-hans", "ja", "es", "fr"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def switch_language(page: Page, language: str) -> None:
    page.locator(".menu", has=page.locator("[name=language]")).locator("summary").click()
    page.locator(f'[name=language][value="{language}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth") <= 0


def test_a_page_loaded_again_in_mid_sentence_goes_on_with_it(chat: OpenChat) -> None:
    customer = chat()
    customer.say("slow 4")
    expect(customer.said("agent").last).to_contain_text("one word after")
    customer.page.reload()
    expect(customer.said("agent").last).to_contain_text("one word after")
    expect(customer.said("agent").last).to_have_text(SLOW_4)
    expect(customer.said("agent")).to_have_count(1)
    expect(customer.said("customer")).to_have_count(1)
    customer.say("ask me")
    expect(customer.entries("input_required")).to_contain_text("What is your favourite colour?")
    customer.say("green")
    customer.hears("You answered: green")
    customer.say("plan a shop")
    expect(customer.entries("artifact").locator("h3, h4").first).to_contain_text("A small web shop")
    no_serious_axe_findings(customer.page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_conversation_goes_on_in_another_language(chat: OpenChat, language: str) -> None:
    customer = chat()
    customer.say("where is order 1009")
    customer.hears("Order 1009 is")
    session, english = customer.session, customer.serving.inner_text()
    switch_language(customer.page, language)
    assert customer.session == session
    expect(customer.said("agent").last).to_contain_text("Order 1009 is")
    expect(customer.serving).not_to_have_text(english)
    customer.ask_for_person()
    expect(customer.entries("handoff_requested")).not_to_contain_text("A person has been asked for.")
    no_serious_axe_findings(customer.page)


def test_the_workbench_speaks_the_operators_language(queue: OpenQueue) -> None:
    olga = queue("olga")
    switch_language(olga.page, "fr")
    expect(olga.page.locator('[data-slot="connection"]')).to_have_attribute("data-state", "live")
    expect(olga.page.locator('[data-slot="connection_words"]')).not_to_have_text("Live")
    no_serious_axe_findings(olga.page)


def test_every_language_fits_on_a_narrow_phone(chat: OpenChat, queue: OpenQueue) -> None:
    customer, olga = chat(**PHONE), queue("olga", **PHONE)
    for page in (customer.page, olga.page):
        for language in LANGUAGES:
            switch_language(page, language)
            for width in (390, 320):
                page.set_viewport_size({"width": width, "height": 844})
                fits(page)
    expect(olga.page.locator(".menu", has=olga.page.locator('[action$="logout/"]'))).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_everything_fits_and_works_on_a_phone(chat: OpenChat, queue: OpenQueue, colour_scheme: str) -> None:
    customer = chat(**PHONE, color_scheme=colour_scheme)
    fits(customer.page)
    no_serious_axe_findings(customer.page)
    customer.say("refund order 1010 1.00")
    expect(customer.entries("tool").last).to_contain_text("waiting for a colleague's approval")
    expect(customer.composer).to_be_in_viewport()
    fits(customer.page)
    no_serious_axe_findings(customer.page)
    olga = queue("olga", **PHONE, color_scheme=colour_scheme)
    expect(olga.row(customer.session)).to_be_visible()
    fits(olga.page)
    no_serious_axe_findings(olga.page)
    desk = olga.open(customer.session)
    fits(desk.page)
    no_serious_axe_findings(desk.page)
    desk.card.button("approve").tap()
    customer.hears("Done: 1.00 EUR of order 1010 is refunded")
    desk.card.is_decided("Approved", "olga")
