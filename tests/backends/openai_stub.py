"""A small OpenAI-compatible server on loopback. The name of the model asked for says how it behaves.

`trouble` holds what befalls the next requests, one each, before the model behaves as its name says.
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

STATUS = {
    "limited": 429,
    "refusing": 400,
    "locked": 401,
    "unheard-of": 404,
    "broken": 500,
    "late": 504,
    "overloaded": 503,
}

# What comes after the first piece of an answer, before the connection is closed.
BREAKS = {
    "cut": b": nothing more\n\n",
    "cut-late": b": nothing more\n\n",
    "garbled": b"data: {this is not JSON\n\n",
    "sorry": b'data: {"error": {"message": "Sorry.", "type": "server_error", "code": null}}\n\n',
}


# How many pieces come before the break; one unless named here.
PIECES = {"cut-late": 3}
# Instead of an answer: a status to refuse with, a closed connection, silence, or an error where an answer should begin.
Trouble = int | Literal["closed", "silent", "sorry"]


class Stub(ThreadingHTTPServer):
    """Keeps what it was asked. Requests that hang do so until it closes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []
        self.trouble: deque[Trouble] = deque()
        self.headers: dict[str, str] = {}
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    async def until_asked(self) -> None:
        """Return once a request has come, and its sender has begun to wait for the answer."""
        while not self.asked:
            await asyncio.sleep(0.01)
        for _ in range(20):
            await asyncio.sleep(0)


@contextmanager
def serving() -> Iterator[Stub]:
    stub = Stub()
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        stub.closing.set()
        stub.shutdown()
        thread.join()
        stub.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the console."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body)
        self.server.paths.append(self.path)
        self.server.keys.append(self.headers["authorization"])
        model = body["model"]
        if self.server.trouble:
            self._make_trouble(self.server.trouble.popleft())
        elif status := STATUS.get(model):
            self._refuse(status)
        elif model == "mute":
            self.server.closing.wait()
        else:
            self._stream(model, body)

    def _make_trouble(self, trouble: Trouble) -> None:
        match trouble:
            case int(status):
                self._refuse(status)
            case "closed":
                self.close_connection = True
            case "silent":
                self.server.closing.wait()
            case "sorry":
                self._begin_stream()
                self._chunk(BREAKS["sorry"])
                self._chunk(b"")

    def _refuse(self, status: int) -> None:
        # Like some real providers, the refusal repeats the key.
        error = {"error": {"message": f"No: {self.headers['authorization']}", "type": "refused", "code": "refused"}}
        payload = json.dumps(error).encode()
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _stream(self, model: str, body: dict[str, Any]) -> None:
        self._begin_stream()
        for number, (delta, finish) in enumerate(self._answer(body), start=1):
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}, model)
            if number < PIECES.get(model, 1):
                continue
            if model in BREAKS:
                self._chunk(BREAKS[model])
            if model == "stuck":
                self.server.closing.wait()
            if model in BREAKS or model == "stuck":
                self.close_connection = True
                return
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        self._event({"choices": [], "usage": usage}, model)
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _answer(self, body: dict[str, Any]) -> list[tuple[dict[str, Any], str | None]]:
        results = [message["content"] for message in body["messages"] if message["role"] == "tool"]
        if results:
            return [
                ({"role": "assistant", "content": "It says: "}, None),
                ({"content": "; ".join(results)}, "stop"),
            ]
        spoken: list[tuple[dict[str, Any], str | None]] = [
            ({"role": "assistant", "reasoning_content": "Let me "}, None),
            ({"reasoning_content": "think."}, None),
            ({"content": "One "}, None),
            ({"content": "moment."}, None),
        ]
        if not body.get("tools"):
            return [*spoken, ({}, "stop")]
        names = [tool["function"]["name"] for tool in body["tools"]]
        starts = [_start_of_call(index, name) for index, name in enumerate(names)]
        rests = [{"index": index, "function": {"arguments": ': "A1"}'}} for index in range(len(names))]
        # The arguments of parallel calls arrive in turns.
        pieces: list[tuple[dict[str, Any], str | None]] = [({"tool_calls": [piece]}, None) for piece in starts + rests]
        return [*spoken, *pieces, ({}, "tool_calls")]

    def _event(self, content: dict[str, Any], model: str) -> None:
        head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": model}
        self._chunk(f"data: {json.dumps(head | content)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _start_of_call(index: int, name: str) -> dict[str, Any]:
    return {
        "index": index,
        "id": f"call_{index + 1}",
        "type": "function",
        "function": {"name": name, "arguments": '{"order"'},
    }
