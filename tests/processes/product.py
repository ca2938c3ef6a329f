"""The REST API of a real process, as a product calls it, and what every run must have come to."""

from collections import Counter
from typing import Any, Self

import httpx2

from tests.patience import PATIENCE_SECONDS
from tests.processes.reader import Reader

RUN_ENDS = ("run_completed", "run_failed", "run_cancelled")
PAGE = 1000


class Product:
    """Speaks to one web process with an API key. Used with `with`."""

    def __init__(self, url: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        # No request may hang, whatever is broken.
        self._client = httpx2.Client(base_url=f"{url}/api/v1", headers=headers, timeout=PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, **query: Any) -> Any:
        answer = self._client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        answer = self._client.post(path, json=body)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    def say(self, session: str, text: str) -> Any:
        return self.post(f"/sessions/{session}/messages", {"text": text})

    def approve(self, request_id: str) -> None:
        self.post(f"/permission-requests/{request_id}/decision", {"decision": "approve"})

    def log(self, session: str) -> list[dict[str, Any]]:
        """All of it, by pages."""
        events: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self.get(f"/sessions/{session}/log", after=after, limit=PAGE)
            events += page["items"]
            after = page["next"]
        return events


def assert_complete(reader: Reader, log: list[dict[str, Any]]) -> None:
    """The log is gapless, its runs have ended once each, and the reader has seen exactly it."""
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    begun = {event["run"] for event in log if event["type"] == "run_queued"}
    ends = Counter(event["run"] for event in log if event["type"] in RUN_ENDS)
    assert ends == Counter(begun)
    reader.wait_for_seq(len(log))
    for seen, stored in zip(reader.events, log, strict=True):
        assert seen == stored, f"The reader saw {seen}, and the log holds {stored}."
