"""The key that signs exports of the audit history: the settings', or one made here once."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sessions_app.audit.signing import new_key_text, read_key

FILE = "audit_signing_key"


def signing_key() -> Ed25519PrivateKey:
    """Without AUDIT_SIGNING_KEY a key in DATA_DIR, which only its owner can read: for one's own machine.

    Raises ImproperlyConfigured for a setting that is no key.
    """
    text = settings.AUDIT_SIGNING_KEY or _kept(Path(settings.DATA_DIR) / FILE)
    try:
        return read_key(text)
    except ValueError:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY must be 32 bytes in base64; .env.example says how.") from None


def _kept(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as fresh:
            fresh.write(new_key_text())
            fresh.flush()
            # Whole from the beginning; whoever else makes one at this moment keeps the first.
            with suppress(FileExistsError):
                os.link(fresh.name, path)
    return path.read_text()
