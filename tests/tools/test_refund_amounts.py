"""How much a refund is, worked out without a database."""

import pytest

from agents_app.tools.base import ToolRefused
from agents_app.tools.money import in_cents, written
from agents_app.tools.refund_order import cents_to_refund


@pytest.mark.parametrize(("amount", "cents"), [("20.50", 2050), ("20.5", 2050), ("20", 2000), ("0.01", 1)])
def test_reads_an_amount_to_the_cent(amount: str, cents: int) -> None:
    assert in_cents(amount) == cents


@pytest.mark.parametrize(
    "amount", ["0", "0.00", "-5", "1.005", "", "five", "NaN", "Infinity", "1e3", "1,50", " 1", "9" * 50, "٣"]
)
def test_refuses_what_is_no_amount_to_refund(amount: str) -> None:
    with pytest.raises(ToolRefused, match=r"Write it like 20\.50"):
        in_cents(amount)


@pytest.mark.parametrize(("cents", "text"), [(2050, "20.50"), (5, "0.05"), (0, "0.00"), (100, "1.00")])
def test_writes_cents_as_an_amount(cents: int, text: str) -> None:
    assert written(cents) == text


def test_no_amount_means_all_that_is_left() -> None:
    assert cents_to_refund(None, total=3000, refunded=950) == 2050


def test_exactly_what_is_left_can_be_refunded_and_a_cent_more_cannot() -> None:
    assert cents_to_refund("20.50", total=3000, refunded=950) == 2050
    with pytest.raises(ToolRefused, match=r"Only 20\.50 EUR"):
        cents_to_refund("20.51", total=3000, refunded=950)


@pytest.mark.parametrize("amount", [None, "0.01"])
def test_nothing_is_refunded_of_an_order_that_is_refunded_in_full(amount: str | None) -> None:
    with pytest.raises(ToolRefused, match="already refunded in full"):
        cents_to_refund(amount, total=3000, refunded=3000)
