"""A customer wants a person: two operators run for it, one serves, and the agent goes on knowing what was said."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import no_serious_axe_findings
from tests.browser.guard import Guard
from tests.browser.scenes.conftest import OpenChat, OpenQueue
from tests.browser.scenes.racing import press_together

SECRET = "Between us: he calls every week."
SUMMARY = "Omar or Olga promised a new lamp by Friday."


@pytest.fixture(autouse=True)
def _one_of_two_loses(guard: Guard) -> None:
    guard.allow("status of 409")


def test_two_run_for_a_customer_one_serves_and_the_agent_goes_on_knowing_what_was_said(
    chat: OpenChat, queue: OpenQueue
) -> None:
    customer, queues = chat(), [queue("olga"), queue("omar")]
    customer.say("where is order 1005")
    customer.hears("Order 1005 is")
    customer.ask_for_person()
    expect(customer.serving).to_have_text("A colleague will be with you soon.")
    session = customer.session

    rows = [one.row(session, "waiting") for one in queues]
    press_together("**/accept*", *(row.locator('[data-action="claim"]') for row in rows))
    expect(customer.serving).to_contain_text("You are talking with")
    winner, loser = queues if queues[0].user in customer.serving.inner_text() else reversed(queues)
    expect(winner.row(session, "mine")).to_be_visible()
    expect(loser.page.locator(".toast")).to_contain_text(f"{winner.user} serves this session.")
    expect(loser.row(session, "others")).to_contain_text(winner.user)
    no_serious_axe_findings(loser.page)

    desk, other = winner.open(session), loser.open(session)
    expect(other.page.locator("#serving")).to_contain_text(f"{winner.user} serves this session.")
    expect(other.page.locator('#modes input[value="reply"]')).to_be_disabled()
    customer.composer.press_sequentially("Is a person there")
    expect(desk.page.locator("#typing")).to_contain_text("is writing…")
    customer.composer.press("Enter")
    expect(desk.said("customer").last).to_have_text("Is a person there")
    desk.field.press_sequentially("Yes, it is ")
    expect(customer.activity).to_contain_text(f"{winner.user} is writing…")
    desk.write("Yes, it is **me**.")
    customer.hears("Yes, it is me.", "operator")
    expect(customer.said("operator").last.locator("strong")).to_have_text("me")
    no_serious_axe_findings(customer.page)

    desk.write(SECRET, "note")
    expect(other.entries("operator_note")).to_contain_text(SECRET)
    expect(desk.entries("operator_note")).to_contain_text(SECRET)
    no_serious_axe_findings(desk.page)
    desk.write("You will have it on Friday.")
    customer.hears("You will have it on Friday.", "operator")

    dialog = desk.begin("return")
    expect(dialog.locator("textarea")).to_have_value(re.compile("You will have it on Friday"))
    no_serious_axe_findings(desk.page)
    dialog.locator("textarea").fill(SUMMARY)
    dialog.locator('[type="submit"]').click()
    expect(customer.serving).to_have_text("The assistant answers.")
    customer.say("what did the operator say?")
    customer.hears(f"Their summary: “{SUMMARY}” Their last words: “You will have it on Friday.”")
    expect(desk.said("agent").last).to_contain_text(SUMMARY)

    for _ in ("live", "after a reload"):
        told = customer.page.content()
        assert SECRET not in told
        customer.page.reload()
        expect(customer.said("operator")).to_have_count(2)


def test_one_of_two_decides_and_the_other_sees_at_once_who_it_was(chat: OpenChat, queue: OpenQueue) -> None:
    customer, queues = chat(), [queue("olga"), queue("omar")]
    customer.say("refund order 1006")
    expect(customer.entries("permission")).to_have_count(0)
    expect(customer.entries("tool").last).to_contain_text("waiting for a colleague's approval")
    session = customer.session
    desks = [one.open(session) for one in queues]
    press_together("**/decision*", *(desk.card.button("approve") for desk in desks))
    for desk in desks:
        desk.card.is_decided("Approved", "o")
    winner = desks[0].card.place.locator('[data-slot="decided_by"]').inner_text()
    (lost,) = [desk for desk, one in zip(desks, queues, strict=True) if one.user != winner]
    expect(lost.toasts).to_contain_text(f"{winner} has already answered: approved.")
    lost.card.is_decided("Approved", winner)
    customer.hears("of order 1006 is refunded")
