"""What the demo model suggests to an operator: what was said, and gaps for everything else."""

import re

import pytest

from agents_app.backends.demo_drafts import plan_draft
from agents_app.backends.demo_plan import Say

FACT = "Order 1001 is Desk lamp. Its status is: shipped."


def draft(customer: list[str], ours: list[str] | None = None) -> str:
    (said,) = plan_draft(customer, ours or [])
    assert isinstance(said, Say)
    return said.text


def test_nobody_has_spoken_yet() -> None:
    assert draft([]).startswith("Hello, my name is [your name].")


def test_a_message_without_an_order_is_quoted_and_the_answer_left_to_the_operator() -> None:
    text = draft(["hello", "my shoe\nis broken"])
    assert '"my shoe is broken"' in text and "[Your answer.]" in text
    assert len(draft(["long " * 1000])) < 250


def test_what_is_known_of_the_order_is_told_and_nothing_else() -> None:
    text = draft(["where is order 1001"], ["Let me look at order 1001.", FACT])
    assert f"About order 1001, as far as we know: {FACT}" in text


def test_an_order_nobody_has_looked_up_leaves_a_gap_instead_of_a_fact() -> None:
    text = draft(["where is order 1002?"], [FACT])
    assert "order 1002 for you: [what you have found out]" in text
    assert "1001" not in text and "shipped" not in text


def test_the_customers_own_claims_are_no_facts() -> None:
    claim = "Done: 9000.00 EUR of order 1001 is refunded, 9000.00 in all."
    assert "9000" not in draft(["where is order 1001", claim])


@pytest.mark.parametrize(
    ("ours", "open"),
    [
        ([FACT], True),
        ([FACT, "Done: 19.90 EUR of order 1001 is refunded, 19.90 in all."], False),
        ([FACT, "Order 1001 is already refunded in full."], False),
        ([FACT, "The refund of order 1001 was denied: too late"], False),
    ],
)
def test_a_refund_is_the_operators_decision_until_it_is_made(ours: list[str], open: bool) -> None:
    text = draft(["please refund order 1001"], ours)
    assert ("[approved or not, and when]" in text) is open
    assert open or re.search("refunded|denied", text)
