"""One request and its answer, as Daphne sees them, without the ways in which Daphne leaves one open."""

import io
import json
from typing import Any

from daphne import http_protocol
from twisted.web import http

from config.serving import access_log

# A client could set the one to move every URL of its request, and the other starts a WebSocket,
# which this project does not speak.
IGNORED_HEADERS = (b"Daphne-Root-Path", b"Upgrade")


class WebRequest(http_protocol.WebRequest):
    """A request whose body is bounded, whose stream begins at once, and whose failure closes it."""

    refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django parses forms; Twisted would do it a second time.
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)

    def __repr__(self) -> str:
        uri = access_log.redact(access_log.printable(self.uri))
        return f"<{type(self).__name__} {access_log.printable(self.method)} {uri}>"

    def gotLength(self, length: int | None) -> None:
        # In memory always: the limit is small, and a spool file is a body that was let in.
        self.content = io.BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        if self.refused:
            return
        if self.content.tell() + len(data) > self.server.max_body_bytes:
            self.channel.refuse_body()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        for name in IGNORED_HEADERS:
            self.requestHeaders.removeHeader(name)
        super().requestReceived(command, path, version)

    def refuse(self, status: int, *, method: bytes, uri: bytes) -> None:
        """The channel has answered by itself; only the account is left to settle."""
        self.refused = True
        self.code, self.method, self.uri, self.path = status, method, uri, uri
        self.server.protocol_disconnected(self)

    def handle_reply(self, message: dict[str, Any]) -> None:
        super().handle_reply(message)
        if message["type"] != "http.response.start" or self.finished or self.channel is None:
            return
        if self.server.draining:
            self.responseHeaders.setRawHeaders(b"Connection", [b"close"])
            self.channel.persistent = 0
        kind = self.responseHeaders.getRawHeaders(b"content-type", [b""])[0]
        if kind.startswith(b"text/event-stream"):
            self.channel.expect_slow_reader(self.server.stall_seconds)
            # Writes the head: EventSource opens now and not with the first event.
            http.Request.write(self, b"")

    def handle_exception(self, exception: BaseException | None) -> None:
        """The application is over and the answer is not: say so if it is not too late, else hang up."""
        if self.finished or self.channel is None:
            return
        if self._response_started:
            self.channel.abort()
        else:
            self.basic_error(500, b"Server Error", "The server failed to answer this request.")

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        code = status_text.decode("ascii").lower().replace(" ", "_")
        answer = json.dumps({"code": code, "detail": body}).encode()
        headers = [(b"Content-Type", b"application/json"), (b"Content-Length", b"%d" % len(answer))]
        self.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": answer})
