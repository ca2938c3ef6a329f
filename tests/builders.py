"""Small functions that build variants for tests."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client


class MemberClient:
    """Speaks JSON to `/api/v1` as somebody who has logged in."""

    def __init__(self, user: User) -> None:
        self._client = Client(raise_request_exception=False)
        self._client.force_login(user)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self._client.get(f"/api/v1{path}", query)  # type: ignore[return-value]

    def post(self, path: str, body: Any = None) -> HttpResponse:
        body = {} if body is None else body
        return self._client.post(f"/api/v1{path}", body, content_type="application/json")  # type: ignore[return-value]


class KeyClient:
    """Speaks JSON to `/api/v1` with an API key."""

    def __init__(self, key: str) -> None:
        self._client = Client(raise_request_exception=False)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self._client.get(f"/api/v1{path}", query, headers=self._headers)  # type: ignore[return-value]

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """`headers` in Python's spelling: `idempotency_key` is sent as `Idempotency-Key`."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.post(  # type: ignore[return-value]
            f"/api/v1{path}",
            {} if body is None else body,
            content_type="application/json",
            headers={**self._headers, **more},
        )
