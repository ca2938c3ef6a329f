"""Keys that sign exports: Ed25519, each written as its 32 bytes in base64."""

import base64
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def new_key_text() -> str:
    return _text(secrets.token_bytes(32))


def read_key(text: str) -> Ed25519PrivateKey:
    """Raises ValueError for what is no key."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text.strip(), validate=True))


def public_text(key: Ed25519PrivateKey) -> str:
    """What is given to those who verify, on another way than the export itself."""
    return _text(key.public_key().public_bytes_raw())


def signature(key: Ed25519PrivateKey, digest: bytes) -> str:
    return _text(key.sign(digest))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
