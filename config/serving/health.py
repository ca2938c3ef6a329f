"""Ask a running server how it is, as a load balancer would."""

import http.client
import json
from typing import Any

from django.conf import settings

ASK_SECONDS = 5.0
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


class NoAnswer(Exception):
    """Nothing that speaks HTTP is there; the message is one line for a person."""


def ask(host: str, port: int, path: str) -> tuple[int, dict[str, Any]]:
    """The status and the JSON answer of one GET; an empty answer when it is not a JSON object."""
    connection = http.client.HTTPConnection(ANY_ADDRESS.get(host, host), port, timeout=ASK_SECONDS)
    # As the proxy in front would ask, or production answers with a redirect to https.
    headers = {"Host": _host(), "X-Forwarded-Proto": "https", "Connection": "close"}
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        status, body = response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(f"Nothing answers at http://{host}:{port}: {error}.") from error
    finally:
        connection.close()
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    return status, answer if isinstance(answer, dict) else {}


def _host() -> str:
    named = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if "*" not in host]
    return named[0] if named else "localhost"


def is_serving(host: str, port: int) -> bool:
    try:
        return ask(host, port, "/api/v1/health")[0] == 200
    except NoAnswer:
        return False


def complaints(host: str, port: int) -> list[str]:
    """What is wrong, one line for each component; nothing when all is well.

    Stricter than the status: without a worker the server is ready for a load balancer, and yet
    nobody is answered.
    """
    status, answer = ask(host, port, "/api/v1/ready")
    checks = answer.get("checks", {})
    wrong = [f"{name}: {check.get('detail')}" for name, check in checks.items() if not check.get("ok")]
    if wrong or (status == 200 and checks):
        return wrong
    return [f"http://{host}:{port}/api/v1/ready answers {status} and says nothing of its components."]
