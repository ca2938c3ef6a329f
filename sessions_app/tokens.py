"""Secrets clients carry: API keys and stream tickets. Pure functions over strings; nothing here reads a database."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing

TICKET_SALT = "handrail.stream-ticket"


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
