"""An application that fails costs its own request and nothing else."""

import json
import socket
from collections.abc import Callable

import pytest

from tests.serving.processes import WebProcess, read_all, read_until, wait_for

Serve = Callable[..., WebProcess]


def is_closed(connection: socket.socket) -> bool:
    try:
        read_all(connection)
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("path", ["/fails-late", "/gives-up"])
def test_an_answer_that_cannot_go_on_closes_its_connection(serve: Serve, path: str) -> None:
    web = serve()
    with web.request(path) as reader:
        assert is_closed(reader)
    assert web.answer("/process-id").endswith(b"%d" % web.pid)


def test_a_failure_before_the_start_is_answered_with_a_code(serve: Serve) -> None:
    head, body = serve().answer("/fails-early").split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 500 ")
    assert json.loads(body)["code"] == "server_error"


def test_requests_are_still_reaped_after_a_failure(serve: Serve) -> None:
    web = serve()
    for path in ("/fails-early", "/fails-late", "/gives-up"):
        with web.request(path, "Connection: close") as reader:
            is_closed(reader)
    with web.request("/never-ending") as reader:
        read_until(reader, b"\r\n\r\n")
    web.wait_until_it_says("never_ending was cancelled")
    web.terminate()
    assert web.exit_code() == 0
    assert "draining 0 open requests" in web.said()


def test_a_websocket_handshake_is_answered_as_a_plain_request(serve: Serve) -> None:
    web = serve()
    answer = web.answer("/process-id", "Upgrade: websocket", "Sec-WebSocket-Key: eA==")
    assert answer.startswith(b"HTTP/1.1 200 ")
    wait_for(lambda: "GET /process-id 200" in web.said(), "the access log")
