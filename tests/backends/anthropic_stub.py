"""A small server that speaks Anthropic's protocol on loopback: reasoning, text in pieces, and one tool call."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Content = dict[str, Any]


class AnthropicStub(ThreadingHTTPServer):
    """Keeps what it was asked. `statuses` are the refusals of the next requests, one each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.statuses: deque[int] = deque()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving() -> Iterator[AnthropicStub]:
    stub = AnthropicStub()
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        thread.join()
        stub.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: AnthropicStub

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the console."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body)
        self.server.keys.append(self.headers["authorization"])
        status = self.server.statuses.popleft() if self.server.statuses else 200
        if status != 200:
            # Like some real providers, the refusal repeats the key.
            error = {"type": "error", "error": {"type": "refused", "message": f"No: {self.headers['authorization']}"}}
            self._answer(status, "application/json", json.dumps(error).encode())
        else:
            self._answer(200, "text/event-stream", b"".join(_frame(event) for event in _events(body)))

    def _answer(self, status: int, type: str, payload: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", type)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def _frame(event: Content) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def _events(body: Content) -> Iterator[Content]:
    usage = {"input_tokens": 10, "output_tokens": 1}
    head = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": []}
    yield {"type": "message_start", "message": {**head, "stop_reason": None, "stop_sequence": None, "usage": usage}}
    last = body["messages"][-1]["content"]
    result = next((part for part in last if isinstance(part, dict) and part["type"] == "tool_result"), None)
    if result is not None:
        told = result["content"] if isinstance(result["content"], str) else result["content"][0]["text"]
        yield from _block(0, {"type": "text", "text": ""}, ("text", "It says: "), ("text", told))
    else:
        yield from _block(0, {"type": "thinking", "thinking": "", "signature": ""}, ("thinking", "Let me think."))
        yield from _block(1, {"type": "text", "text": ""}, ("text", "One "), ("text", "moment."))
    calls = result is None and bool(body.get("tools"))
    if calls:
        start = {"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": {}}
        yield from _block(2, start, ("input_json", '{"order"'), ("input_json", ': "A1"}'))
    reason = "tool_use" if calls else "end_turn"
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": reason, "stop_sequence": None},
        "usage": {"output_tokens": 5},
    }
    yield {"type": "message_stop"}


def _block(index: int, start: Content, *pieces: tuple[str, str]) -> Iterator[Content]:
    yield {"type": "content_block_start", "index": index, "content_block": start}
    for kind, text in pieces:
        key = "partial_json" if kind == "input_json" else kind
        yield {"type": "content_block_delta", "index": index, "delta": {"type": f"{kind}_delta", key: text}}
    yield {"type": "content_block_stop", "index": index}
