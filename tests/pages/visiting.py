"""A browser with the chat page open."""

import json
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client


class Visitor:
    """Opens the chat page and speaks to the API as its module does."""

    def __init__(self, client: Client, address: str = "192.0.2.1") -> None:
        self.client = client
        self.address = address
        self.config = self.open()

    def open(self, path: str = "/", **headers: str) -> dict[str, Any]:
        """What the page tells its module."""
        return config(self.client.get(path, headers=headers))

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())  # type: ignore[return-value]

    def post(self, path: str, body: Any = None, **extra: str) -> HttpResponse:
        return self.client.post(  # type: ignore[return-value]
            f"/api/v1{path}",
            {} if body is None else body,
            content_type="application/json",
            headers={**self._headers(), **extra},
            REMOTE_ADDR=self.address,
        )

    def begin(self) -> str:
        """Open a session and say its name."""
        answer = self.post("/sessions")
        assert answer.status_code == 201, answer.content
        return str(json.loads(answer.content)["name"])

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Visitor {self.config['visitor']['token']}"}


def config(answer: Any) -> dict[str, Any]:
    page = answer.content.decode()
    found = re.search(r'<script id="chat-config" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found, page[:2000]
    return dict(json.loads(found[1]))
