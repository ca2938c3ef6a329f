"""One line for each request, and never a secret in it."""

import logging
from urllib.parse import unquote_plus

from sessions_app.masking.texts import MASK

logger = logging.getLogger(__name__)

SECRET_PARAMETERS = frozenset({"token", "ticket"})


def redact(uri: str) -> str:
    """Blank the values of secret query parameters, however their names are escaped."""
    path, mark, query = uri.partition("?")
    return path + mark + "&".join(_redact_pair(pair) for pair in query.split("&"))


def _redact_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    # Django decodes names too, so ?%74oken= is as good a ticket as ?token=.
    if equals and unquote_plus(name).strip().lower() in SECRET_PARAMETERS:
        return f"{name}={MASK}"
    return pair


def printable(raw: bytes) -> str:
    """The bytes of a request line as text that cannot forge a log line."""
    text = raw.decode("ascii", "backslashreplace")
    return text if text.isprintable() else ascii(text)[1:-1]


def log_request(*, method: bytes, uri: bytes, status: int, seconds: float) -> None:
    """Report a request whose answer is over, whoever ended it."""
    logger.info("%s %s %d %dms", printable(method), redact(printable(uri)), status, seconds * 1000)
