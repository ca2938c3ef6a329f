"""The product of the demo: it speaks to Handrail as any product does, over the REST API with a key."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Self

import httpx2

from config.demo.heard import Missed

WAIT_SECONDS = 30.0


class Product:
    """One customer-facing product with its key. Used with `async with`. Raises Missed for every answer but success."""

    def __init__(self, url: str, key: str) -> None:
        self._key = key
        # The address is this machine's: a proxy for the internet has no business in between.
        self._http = httpx2.AsyncClient(base_url=f"{url}/api/v1", timeout=WAIT_SECONDS, trust_env=False)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._http.aclose()

    async def open_session(self) -> str:
        answer = await self._post("/sessions", {"agent": "demo", "customer": "Dana"})
        return str(answer["name"])

    async def stream(self, session: str) -> AbstractAsyncContextManager[httpx2.EventSource]:
        """The session's stream from its first event, read as a browser would: with a ticket and without the key."""
        # Asked for as an operator's: a customer is not shown who allowed what.
        ticket = await self._post(f"/sessions/{session}/stream-ticket", {"level": "operator", "reader": "demo"})
        return self._http.sse(
            f"/sessions/{session}/events",
            params={"token": str(ticket["token"]), "after": "0"},
            timeout=httpx2.Timeout(WAIT_SECONDS, read=None),
        )

    async def say(self, session: str, text: str) -> str:
        """Speak for the customer. Returns the run that will answer."""
        answer = await self._post(f"/sessions/{session}/messages", {"text": text})
        if answer["run_id"] is None:
            raise Missed(f"No run answers {text!r}.")
        return str(answer["run_id"])

    async def decide(self, request_id: str, *, approve: bool, reason: str) -> None:
        decision = {"decision": "approve" if approve else "deny", "reason": reason}
        await self._post(f"/permission-requests/{request_id}/decision", decision)

    async def close(self, session: str) -> None:
        await self._post(f"/sessions/{session}/close", {"reason": "The demo is over."})

    async def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        try:
            answer = await self._http.post(path, json=body, headers={"Authorization": f"Bearer {self._key}"})
        except httpx2.TransportError as error:
            raise Missed(f"POST {path} was not answered: {type(error).__name__} {error}") from error
        if not answer.is_success:
            raise Missed(f"POST {path} was answered with {answer.status_code}: {answer.text[:200]}")
        result: dict[str, Any] = answer.json()
        return result
