"""What is masked, and what is left as it is."""

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from sessions_app.masking.fields import check_names, mask_texts, masked
from sessions_app.masking.texts import MASK, mask_text
from sessions_app.tokens import Ticket, new_key, sign_ticket, sign_visitor

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nx+/=\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N"
TICKET = Ticket(session_id=uuid4(), session="talk", workspace_id=1, level="customer", reader="r")

SIGNED = sign_ticket(TICKET, seconds=300)[0]
SECRETS = {
    "our own key": (f"the key is {new_key().text}.", f"the key is {MASK} (API key)."),
    "ticket in an address": (
        f"/events?token={SIGNED}&after=3",
        f"/events?token={MASK} (ticket)&after=3",
    ),
    "ticket": (f"opened with {SIGNED}", f"opened with {MASK} (ticket)"),
    "visitor": (f"a visitor, {sign_visitor('visitor-0123456789abcdef')}", f"a visitor, {MASK} (ticket)"),
    "bearer": ("Authorization: Bearer abcdef0123456789abcdef", f"Authorization: Bearer {MASK} (token)"),
    "jwt": (f"cookie {JWT} kept", f"cookie {MASK} (token) kept"),
    "openai": ("sk-proj-abcDEF0123456789_xyz", f"{MASK} (key)"),
    "stripe": ("use sk_live_abcdefghijklmnop0123", f"use {MASK} (key)"),
    "github": ("ghp_" + "a1" * 18, f"{MASK} (key)"),
    "aws": ("AKIAIOSFODNN7EXAMPLE", f"{MASK} (key)"),
    "pem": (f"here: {PEM} and so on", f"here: {MASK} (private key) and so on"),
    "pem cut off": ("-----BEGIN PRIVATE KEY-----\nMIIE cut off", f"{MASK} (private key)"),
    "redis": ("redis://:hunter2@host:6379/0", f"redis://:{MASK}@host:6379/0"),
    "postgres": ("postgres://anna:pa55@db/x", f"postgres://anna:{MASK}@db/x"),
    "card in groups": ("pay with 4111 1111 1111 1111 please", f"pay with {MASK} (card number) please"),
    "card with dashes": ("5500-0000-0000-0004", f"{MASK} (card number)"),
    "card and its end": ("4111 1111 1111 1111 12/27", f"{MASK} (card number) 12/27"),
    "card and its code": ("4111 1111 1111 1111 737", f"{MASK} (card number) 737"),
    "card in one and its code": ("4111111111111111 123.", f"{MASK} (card number) 123."),
    "card and its code with dashes": ("4111-1111-1111-1111-1234", f"{MASK} (card number)-1234"),
    "card after an amount": ("refund 50 4111 1111 1111 1111", f"refund 50 {MASK} (card number)"),
    "card after a phone number": ("555 1234 4111 1111 1111 1111 12", f"555 1234 {MASK} (card number) 12"),
    "two cards": ("4111111111111111 5500000000000004", f"{MASK} (card number) {MASK} (card number)"),
    "amex": ("378282246310005", f"{MASK} (card number)"),
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_masked_wherever_it_stands(kind: str) -> None:
    text, shown = SECRETS[kind]
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "the bearer certificateofsomething is here",
        "4111 1111 1111 1112 has a wrong check digit",
        "order 1001 since 2026-11-21 12:00:00, 1763728200000 ms",
        "41111111-1111-4111-8111-111111111111 is an id",
        "a risk-assessment-of-everything, task-1234567890123456",
        "https://example.com/a?page=2 and mail to anna@example.com",
        "call hr about it. hrabc",
        "",
    ],
)
def test_what_only_looks_a_little_like_one_stays(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize(
    "beginning", ["eyJ", "eyJ-", "WyI", "WyJ-", "Bearer ", "://a:", "hr0123456789.", "4 ", "4-", "4111 "]
)
def test_a_megabyte_that_begins_secrets_and_ends_none_is_read_once(beginning: str) -> None:
    """Read again from each beginning it would take longer than a test may."""
    text = beginning * (1_000_000 // len(beginning))
    assert mask_text(text) == text


def test_card_numbers_are_left_alone_where_the_settings_say_so(settings: Settings) -> None:
    settings.MASK_CARD_NUMBERS = False
    assert mask_text("4111 1111 1111 1111") == "4111 1111 1111 1111"


def test_an_installation_names_patterns_of_its_own(settings: Settings) -> None:
    settings.MASKED_PATTERNS = {r"customer number \1": r"KD-(\d{6})"}
    assert mask_text("I am KD-123456.") == rf"I am {MASK} (customer number \1)."


@pytest.mark.parametrize("name", ["password", "Password", "PASS_WORD", "user-password", "apiKey", "X-Api-Key", "cvv"])
def test_a_name_counts_however_it_is_spelled(name: str) -> None:
    assert masked({name: "x", "amount": "5.00"}) == {name: MASK, "amount": "5.00"}


def test_names_count_at_any_depth_and_hide_whatever_stands_under_them() -> None:
    value = {"accounts": [{"iban": "DE02", "owner": "carla"}], "credentials": {"user": "a", "n": 1}}
    assert masked(value) == {"accounts": [{"iban": MASK, "owner": "carla"}], "credentials": MASK}


def test_that_something_is_empty_or_set_is_no_secret() -> None:
    value: Any = {"password": "", "token": None, "secret": True, "cookie": []}
    assert masked(value) == value


def test_numbers_of_tokens_are_no_tokens() -> None:
    assert masked({"input_tokens": 12, "tokens": 5}) == {"input_tokens": 12, "tokens": 5}


def test_a_workspace_adds_names_of_its_own() -> None:
    value = {"passportNumber": "C01X", "gate_pin": 77, "city": "Bern"}
    assert masked(value, ["passport_number", "*pin"]) == {"passportNumber": MASK, "gate_pin": MASK, "city": "Bern"}


def test_a_card_number_may_be_a_number() -> None:
    assert masked({"n": 4111111111111111, "m": 4111111111111112}) == {
        "n": f"{MASK} (card number)",
        "m": 4111111111111112,
    }


def test_json_in_a_text_is_looked_through() -> None:
    assert json.loads(masked('{"user": "ä", "password": "x"}')) == {"user": "ä", "password": MASK}
    assert masked('{"user":   "ä"}') == '{"user":   "ä"}'
    assert masked("{not json, sk-abcdefghijklmnop0123}") == f"{{not json, {MASK} (key)}}"


@pytest.mark.parametrize("before", ["\n", "  ", "\r\n\t", "\ufeff"])
def test_blanks_before_json_in_a_text_hide_nothing(before: str) -> None:
    assert json.loads(masked(before + '{"password": "x", "n": 1}')) == {"password": MASK, "n": 1}


def nested(levels: int, inside: Any) -> Any:
    for level in range(levels):
        inside = {"inner": inside} if level % 2 else [inside]
    return inside


@pytest.mark.parametrize("levels", [61, 600, 100_000])
def test_nothing_is_nested_too_deeply_to_be_masked(levels: int) -> None:
    value, text = nested(levels, {"password": "hunter2"}), "[" * levels + "]" * levels
    shown = json.dumps([masked(value), mask_texts(value)])
    assert "nested too deeply" in shown and "hunter2" not in shown
    assert masked(text) == masked(masked(text))


def test_what_people_nest_is_shown() -> None:
    value = nested(50, "x")
    assert masked(value) == mask_texts(value) == value
    assert masked(json.dumps(value)) == json.dumps(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("password"), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_masking_twice_changes_nothing_more(value: Any) -> None:
    assert masked(masked(value)) == masked(value)


@pytest.mark.parametrize("value", [{}, "password", [1], [""], ["*"], [["a"]]])
def test_a_list_of_names_is_checked(value: Any) -> None:
    with pytest.raises(ValueError, match="list of names"):
        check_names(value)
