"""Speaks ASGI to the whole application, as a server does."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from config.asgi import application
from tests.patience import PATIENCE_SECONDS
from tests.sessions.event_source import Dispatched, EventSource


@dataclass
class Exchange:
    """One GET request and whatever comes back. Leaving the `async with` is the client's going away."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.status = 0
        self.answer: dict[str, str] = {}
        self.body = b""
        self.ended = False
        self.source = EventSource()
        self.events: list[Dispatched] = []
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        url = urlsplit(self.path)
        headers = {"host": "testserver", **{name.lower(): value for name, value in self.headers.items()}}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": unquote(url.path),
            "raw_path": url.path.encode(),
            "query_string": url.query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode("latin1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }
        self._incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        self.task = asyncio.create_task(application(scope, self._incoming.get, self._send))
        await self.until(lambda: self.status > 0)
        if self.status != 200:
            await self.until(lambda: self.ended)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._incoming.put_nowait({"type": "http.disconnect"})
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.task

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answer = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message["body"]
            self.ended = not message.get("more_body", False)
            if self.answer.get("content-type") == "text/event-stream":
                self.events.extend(self.source.feed(message["body"]))
        self._news.set()

    async def until(self, reached: Any) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not reached():
                if self.task.done() and not self.ended:
                    self.task.result()
                self._news.clear()
                await self._news.wait()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [json.loads(event.data) for event in self.events]

    @property
    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    @property
    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.frames if frame["seq"] is not None]

    async def until_seq(self, seq: int) -> None:
        await self.until(lambda: bool(self.seqs) and self.seqs[-1] >= seq)

    async def until_type(self, type: str, count: int = 1) -> None:
        await self.until(lambda: self.types.count(type) >= count)


def get(path: str, key: str = "", **headers: str) -> Exchange:
    """`headers` in Python's spelling: `last_event_id` is sent as `Last-Event-ID`."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if key:
        sent["authorization"] = f"Bearer {key}"
    return Exchange(f"/api/v1{path}", sent)
