"""Keys and stream tickets, as pure values."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.tokens import (
    TICKET_SALT,
    Ticket,
    hash_secret,
    new_key,
    read_ticket,
    same_secret,
    sign_ticket,
    split_key,
)

TICKET = Ticket(uuid4(), "talk", 3, "customer", "carla")


def test_a_key_is_its_prefix_and_its_secret() -> None:
    key = new_key()
    prefix, secret = split_key(key.text)
    assert prefix == key.prefix
    assert same_secret(secret, key.secret_hash)
    assert not same_secret(secret + "x", key.secret_hash)


def test_what_is_kept_of_a_key_does_not_contain_it() -> None:
    key = new_key()
    assert split_key(key.text)[1] not in key.secret_hash
    assert hash_secret(split_key(key.text)[1]) == key.secret_hash


def test_no_two_keys_are_alike() -> None:
    assert len({new_key().text for _ in range(100)}) == 100


@pytest.mark.parametrize("text", ["", "no-dot", ".secret", "prefix.", "."])
def test_what_does_not_look_like_a_key_is_none(text: str) -> None:
    assert split_key(text) == ("", "")


@given(st.text(), st.text(st.characters(codec="utf-8")), st.integers(1, 10**6))
def test_a_ticket_is_read_as_it_was_signed(session: str, reader: str, seconds: int) -> None:
    ticket = Ticket(uuid4(), session, 3, "operator", reader)
    token, _ = sign_ticket(ticket, seconds=seconds)
    assert read_ticket(token) == ticket


def test_a_ticket_says_when_it_ends() -> None:
    began = datetime.now(UTC)
    _, ends = sign_ticket(TICKET, seconds=60)
    assert began <= ends - timedelta(seconds=60) <= datetime.now(UTC)


def test_a_ticket_that_is_over_is_no_ticket() -> None:
    assert read_ticket(sign_ticket(TICKET, seconds=-1)[0]) is None


@given(st.text())
def test_no_text_can_pass_for_a_ticket_or_break_the_reading(text: str) -> None:
    assert read_ticket(text) is None


def test_a_ticket_cannot_be_changed() -> None:
    token, _ = sign_ticket(TICKET, seconds=60)
    body, *rest = token.split(":")
    other, *_ = sign_ticket(Ticket(uuid4(), "other", 3, "supervisor", "x"), seconds=60)[0].split(":")
    assert read_ticket(":".join([other, *rest])) is None
    assert read_ticket(token[:-1]) is None
    assert read_ticket(":".join([body, *rest])) == TICKET


def test_what_was_signed_for_something_else_is_no_ticket() -> None:
    fields = [str(TICKET.session_id), "talk", "3", "supervisor", "x", "60"]
    assert read_ticket(signing.dumps(fields, salt="something else")) is None
    assert read_ticket(signing.dumps(fields, salt=TICKET_SALT)) is not None
