"""What an operator has begun for colleagues never reaches the customer, whatever happens while it is written."""

from playwright.sync_api import expect

from tests.browser.conftest import Tab
from tests.browser.house import House
from tests.browser.scenes.session import SessionPage

SECRET = "Between us: he calls every week."


def test_a_note_begun_before_taking_over_stays_a_note(desk: SessionPage) -> None:
    desk.mode("note").check(force=True)
    desk.field.press_sequentially(SECRET)
    desk.action("accept").click()
    expect(desk.mode("reply")).to_be_checked()
    expect(desk.field).to_be_focused()
    desk.field.press("Enter")
    expect(desk.field).to_have_value("")

    desk.mode("note").check(force=True)
    expect(desk.field).to_have_value(SECRET)
    desk.field.press("Enter")
    expect(desk.entries("operator_note")).to_contain_text(SECRET)
    _the_customer_was_told_only(desk, "Hello, I am a person.")


def test_a_draft_that_arrives_while_a_note_is_written_waits_in_the_reply(desk: SessionPage) -> None:
    desk.action("accept").click()
    expect(desk.mode("reply")).to_be_checked()
    with desk.held("**/draft-reply*"):
        desk.action("draft").click()
        desk.mode("note").check(force=True)
        desk.field.press_sequentially(SECRET[:10])
    expect(desk.toasts).to_contain_text("The draft is ready")
    expect(desk.mode("note")).to_be_checked()
    desk.field.press_sequentially(SECRET[10:])
    expect(desk.field).to_have_value(SECRET)
    desk.field.press("Enter")
    expect(desk.entries("operator_note")).to_contain_text(SECRET)

    desk.mode("reply").check(force=True)
    expect(desk.field).not_to_have_value("")
    assert SECRET[:10] not in desk.field.input_value()
    _the_customer_was_told_only(desk, "Hello, I am a person.")


def test_words_for_the_customer_are_not_sent_once_somebody_else_serves(
    desk: SessionPage, tab: Tab, house: House
) -> None:
    desk.action("accept").click()
    expect(desk.field).to_be_focused()
    desk.field.press_sequentially("You will have it on")
    elsewhere = SessionPage(tab(of=desk.page, path=f"/workbench/sessions/{desk.session}/"), desk.session)
    dialog = elsewhere.begin("transfer")
    dialog.locator("select").select_option("omar")
    dialog.locator('[type="submit"]').click()
    expect(desk.page.locator("#serving")).to_contain_text("omar serves this session.")
    desk.field.press("Enter")
    expect(desk.page.locator('#composer [data-slot="error"]')).to_contain_text("cannot be sent any more")
    expect(desk.field).to_have_value("You will have it on")
    expect(desk.mode("reply")).to_be_checked()


def _the_customer_was_told_only(desk: SessionPage, text: str) -> None:
    """What is said now comes after everything that may have been said before."""
    desk.write(text)
    expect(desk.said("operator").last).to_have_text(text)
    expect(desk.page.locator("#outbox > *")).to_have_count(0)
    expect(desk.said("operator")).to_have_count(1)
