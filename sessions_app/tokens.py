"""Secrets clients carry: API keys, stream tickets, visitors' tokens. Pure functions over strings, with no database."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing

TICKET_SALT = "handrail.stream-ticket"
VISITOR_SALT = "handrail.visitor-token"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh API key. `secret_hash` is kept, `text` is shown once and never again."""

    prefix: str
    secret_hash: str
    text: str


def new_key() -> NewKey:
    prefix = "hr" + secrets.token_hex(5)
    secret = secrets.token_urlsafe(32)
    return NewKey(prefix, hash_secret(secret), f"{prefix}.{secret}")


def split_key(text: str) -> tuple[str, str]:
    """The prefix and the secret of a key as it came over the wire; ("", "") when it does not look like one."""
    prefix, dot, secret = text.partition(".")
    return (prefix, secret) if dot and prefix and secret else ("", "")


def hash_secret(secret: str) -> str:
    # The secret has 256 random bits: there is nothing to guess that a slow hash would slow down.
    return hashlib.sha256(secret.encode()).hexdigest()


def same_secret(secret: str, secret_hash: str) -> bool:
    return hmac.compare_digest(hash_secret(secret), secret_hash)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to read one session's stream as one reader, at one level of visibility."""

    session_id: UUID
    session: str
    workspace_id: int
    level: str
    reader: str


def sign_ticket(ticket: Ticket, *, seconds: int) -> tuple[str, datetime]:
    """The ticket as a token for `?token=`, and when it ends."""
    fields = [
        str(ticket.session_id),
        ticket.session,
        str(ticket.workspace_id),
        ticket.level,
        ticket.reader,
        str(seconds),
    ]
    token = signing.dumps(fields, salt=TICKET_SALT)
    return token, datetime.now(UTC) + timedelta(seconds=seconds)


def read_ticket(token: str) -> Ticket | None:
    """The ticket in a token, None when it is forged, damaged or over. Needs no database."""
    try:
        fields = signing.loads(token, salt=TICKET_SALT)
        # How long it lives stands in the token itself, under the signature.
        signing.loads(token, salt=TICKET_SALT, max_age=int(fields[5]))
    except signing.BadSignature:
        return None
    return Ticket(UUID(fields[0]), fields[1], int(fields[2]), fields[3], fields[4])


def new_visitor() -> str:
    """A name nobody can guess for a customer nobody knows."""
    return f"visitor-{secrets.token_hex(8)}"


def sign_visitor(visitor: str) -> str:
    """The token with which the chat page speaks to the API for this visitor."""
    return signing.dumps(visitor, salt=VISITOR_SALT)


def read_visitor(token: str, *, seconds: int) -> str | None:
    """The visitor in a token, None when it is forged, damaged or older than that."""
    try:
        return str(signing.loads(token, salt=VISITOR_SALT, max_age=seconds))
    except signing.BadSignature:
        return None
