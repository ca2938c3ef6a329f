"""What the demo model suggests to an operator: by rule, from the conversation alone, with gaps for what is missing."""

import re
from collections.abc import Sequence

from agents_app.backends.demo_plan import Plan, Say

ORDER = re.compile(r"\border\s+#?(\d{1,9})\b", re.IGNORECASE)
# What the demo agent says of an order once it knows; everything else it says of one is an intention.
KNOWN = (
    r"Order {number} is [^\n]*?Its status is: [^\n.]*\.",
    r"Order {number} is already refunded in full\.",
    r"Done: \S+ \w+ of order {number} is refunded, \S+ in all\.",
    r"The refund of order {number} was denied: [^\n]*",
)
QUOTED_CHARACTERS = 120


def plan_draft(customer: Sequence[str], ours: Sequence[str]) -> Plan:
    """The draft, from what the customer said and what our side told them, each oldest first."""
    if not customer:
        return (Say("Hello, my name is [your name]. How can I help you?"),)
    named = [number for text in customer for number in ORDER.findall(text)]
    if not named:
        return (Say(f'Thank you for your message. You wrote: "{_short(customer[-1])}" [Your answer.]'),)
    number = named[-1]
    known = _known(number, ours)
    if not known:
        found = f"I am looking into order {number} for you: [what you have found out]."
    else:
        found = f"About order {number}, as far as we know: {known}"
    refund = any("refund" in text.lower() and number in ORDER.findall(text) for text in customer)
    undecided = refund and "refunded" not in known and "denied" not in known
    wish = " You asked for a refund of it: [approved or not, and when]." if undecided else " [Anything else to add.]"
    return (Say(f"Thank you for your patience. {found}{wish}"),)


def _known(number: str, ours: Sequence[str]) -> str:
    """The last fact that our side has told of an order, "" when it told none."""
    patterns = [re.compile(pattern.format(number=number)) for pattern in KNOWN]
    found = [match[0] for text in ours for pattern in patterns for match in pattern.finditer(text)]
    return found[-1] if found else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS].rstrip()}…"
