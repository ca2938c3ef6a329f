"""What a browser's EventSource makes of bytes, written to the WHATWG rules and to nothing of the product.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import codecs
import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Dispatched:
    data: str
    id: str
    event: str = "message"


@dataclass
class EventSource:
    """Fed with chunks cut anywhere."""

    last_event_id: str = ""
    retry: int | None = None
    comments: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._text = ""
        self._data: list[str] = []
        self._id = ""
        self._event = ""

    def feed(self, chunk: bytes) -> list[Dispatched]:
        self._text += self._decoder.decode(chunk)
        # A CR at the very end may be the first half of a CRLF.
        ready, held = (self._text[:-1], "\r") if self._text.endswith("\r") else (self._text, "")
        *lines, rest = re.split(r"\r\n|\r|\n", ready)
        self._text = rest + held
        return [event for line in lines if (event := self._line(line)) is not None]

    def _line(self, line: str) -> Dispatched | None:
        if line == "":
            return self._dispatch()
        if line.startswith(":"):
            self.comments.append(line[1:])
            return None
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\x00" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value)
        return None

    def _dispatch(self) -> Dispatched | None:
        self.last_event_id = self._id
        data, event = self._data, self._event
        self._data, self._event = [], ""
        return Dispatched("\n".join(data), self.last_event_id, event or "message") if data else None
