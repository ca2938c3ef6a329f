"""What answers hold, and what every refusal looks like."""

import json
from typing import Any

from django.http import HttpResponse


def told(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def refused(answer: HttpResponse, status: int, code: str) -> bool:
    """Whether it is this refusal; fails when it is not in the one error shape."""
    assert answer["content-type"].startswith("application/json"), answer.content[:300]
    body = told(answer)
    assert body.keys() == {"code", "detail"}, body
    assert body["detail"]
    return bool((answer.status_code, body["code"]) == (status, code))
