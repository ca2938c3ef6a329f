"""What looks like a secret is masked wherever it stands in a text."""

import re
from collections.abc import Callable
from functools import lru_cache
from re import Match, Pattern

from django.conf import settings

# Stands for what nobody is to read. No secret looks like this, so masking twice changes nothing more.
MASK = "•••"
# A pattern, and what takes its place. Each begins with letters or a class of them, and looks behind itself afterwards:
# so the beginning is searched for in C, and a text without secrets costs next to nothing. All of them in one pattern
# cost six times as much. One that reads on without a bound begins only where a word does: otherwise each "eyJ" of a
# text that is nothing else would be followed to its end.
SECRETS: list[tuple[str, str]] = [
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", f"{MASK} (private key)"),
    # Our own: what `tokens.new_key` makes, and what `sign_ticket` and `sign_visitor` sign.
    (r"hr(?<!\whr)[0-9a-f]{10}\.[\w-]{40,}", f"{MASK} (API key)"),
    (
        r"(?:Wy[IJ](?<![\w-]...)|InZpc2l0b3It(?<![\w-].{12}))[\w-]{8,}(?::|%3A)\w{6}(?::|%3A)[\w-]{43}",
        f"{MASK} (ticket)",
    ),
    # "Bearer" before a long word is English: a token has a digit in it.
    (r"([Bb]earer\s+)(?=\S*\d)[\w.~+/=-]{16,}", rf"\1{MASK} (token)"),
    (r"eyJ(?<![\w-]...)[\w-]{8,}\.eyJ[\w-]+\.[\w-]*", f"{MASK} (token)"),
    (r"([?&](?:token|ticket|access_token|api_?key|password|secret)=)[^&\s\"'<>•]+", rf"\1{MASK}"),
    (r"(://[^/\s:@]*:)[^/\s@•]+(?=@)", rf"\1{MASK}"),
    # Providers' keys.
    (r"sk-(?<!\wsk-)[\w-]{16,}", f"{MASK} (key)"),
    (r"[rs]k_(?:live|test)_\w{16,}", f"{MASK} (key)"),
    (r"gh[pousr]_\w{30,}", f"{MASK} (key)"),
    (r"AKIA[0-9A-Z]{16}", f"{MASK} (key)"),
    (r"AIza[\w-]{30,}", f"{MASK} (key)"),
    (r"xox[abprs]-[\w-]{10,}", f"{MASK} (key)"),
]
# 13 digits and more, together or in groups: a card's number is among them if a check digit says so.
CARD_NUMBER = r"\d(?<![\w.-].)(?:[ -]?\d){12,}(?![\w-])"
CARD_LENGTHS = range(13, 20)
# A month or an amount beside a card's number is mostly shorter than the groups of its own.
SHORTEST_GROUP = 3

# Fewer characters than any of these takes: roles, kinds, numbers.
SHORTEST = 6

Replacement = str | Callable[[Match[str]], str]


def mask_text(text: str) -> str:
    """The text with every secret in it replaced by a mask that says what kind of secret it was."""
    own = settings.MASKED_PATTERNS
    if len(text) < SHORTEST and not own:
        return text
    for pattern, replacement in _patterns(settings.MASK_CARD_NUMBERS, tuple(own.items())):
        text = pattern.sub(replacement, text)
    return text


def passes_check_digit(digits: str) -> bool:
    """Luhn's sum, which one number in ten passes by chance."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


@lru_cache(maxsize=8)
def _patterns(cards: bool, own: tuple[tuple[str, str], ...]) -> list[tuple[Pattern[str], Replacement]]:
    found: list[tuple[Pattern[str], Replacement]] = [(re.compile(p, re.DOTALL), r) for p, r in SECRETS]
    if cards:
        found.append((re.compile(CARD_NUMBER), _masked_cards))
    found.extend((re.compile(pattern), _named(kind)) for kind, pattern in own)
    return found


def _masked_cards(match: Match[str]) -> str:
    """Digits in which each card's number is masked. Others may stand beside it: an amount, its end, its code."""
    text, groups = match[0], re.split("[ -]", match[0])
    if _is_card("".join(groups)):
        return f"{MASK} (card number)"
    parts: list[str] = []
    at = place = done = 0
    while at < len(groups):
        card = _card_at(groups, at)
        taken = card or 1
        # One separator between two groups.
        end = place + sum(map(len, groups[at : at + taken])) + taken - 1
        if card:
            parts += [text[done:place], f"{MASK} (card number)"]
            done = end
        at, place = at + taken, end + 1
    return "".join(parts) + text[done:]


def _card_at(groups: list[str], at: int) -> int:
    """How many groups of digits from here on are a card's number; the most there can be. 0 for none."""
    number, found = "", 0
    for taken, group in enumerate(groups[at : at + CARD_LENGTHS.stop // SHORTEST_GROUP], start=1):
        number += group
        if len(group) < SHORTEST_GROUP or len(number) >= CARD_LENGTHS.stop:
            break
        if _is_card(number):
            found = taken
    return found


def _is_card(digits: str) -> bool:
    return len(digits) in CARD_LENGTHS and digits[0] in "23456" and passes_check_digit(digits)


def _named(kind: str) -> Callable[[Match[str]], str]:
    # A function, because a kind may hold what means something in a template.
    return lambda match: f"{MASK} ({kind})"
