"""Amounts as the model writes and reads them ("20.50") and as the database keeps them (2050 cents)."""

import re
from decimal import Decimal

from agents_app.tools.base import ToolRefused

CURRENCY = "EUR"
AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


def in_cents(amount: str) -> int:
    """Read a positive amount with at most two decimals."""
    if AMOUNT.fullmatch(amount) is None or Decimal(amount) == 0:
        raise ToolRefused(f"{amount!r} is not an amount that can be refunded. Write it like 20.50.")
    return int(Decimal(amount) * 100)


def written(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
