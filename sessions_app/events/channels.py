"""Names and sizes that both sides of the bus agree on."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

# A payload above this does not travel: readers are told that the log has grown, and read it there.
MAX_PAYLOAD_BYTES = 256 * 1024
# How long the text of an unfinished message is kept beside the bus after its last word.
TEXT_SECONDS = 600


def session_channel(session_id: UUID) -> str:
    # By id, not by name: names are unique within a workspace only.
    return f"sse:session:{session_id}"


def workspace_channel(workspace_id: int) -> str:
    return f"sse:workspace:{workspace_id}"


def text_key(message_id: UUID) -> str:
    return f"sse:text:{message_id}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some more UTF-8 text to keep under `key`, beginning `at` bytes into it; `whole` gives all of it so far."""

    key: str
    at: int
    text: bytes
    whole: Callable[[], bytes]
