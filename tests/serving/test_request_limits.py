"""A body that is too large is refused before it is read, and stored nowhere."""

import json
from collections.abc import Callable

from tests.serving.processes import WebProcess, read_all, read_until

Serve = Callable[..., WebProcess]

LIMIT = 100_000


def assert_too_large(answer: bytes) -> None:
    head, body = answer.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in head
    assert json.loads(body)["code"] == "too_large"


def test_a_declared_body_is_refused_before_it_is_sent(serve: Serve) -> None:
    web = serve(REQUEST_MAX_BYTES=str(LIMIT))
    lines = (f"Content-Length: {LIMIT + 1}", "Expect: 100-continue")
    with web.request("/body-length", *lines, method="POST") as sender:
        assert_too_large(read_all(sender))
    web.wait_until_it_says("POST /body-length 413")


def test_a_chunked_body_is_refused_when_it_passes_the_limit(serve: Serve) -> None:
    web = serve(REQUEST_MAX_BYTES=str(LIMIT))
    with web.request("/body-length", "Transfer-Encoding: chunked", method="POST") as sender:
        chunk = b"%x\r\n%b\r\n" % (LIMIT, b"x" * LIMIT)
        # Without an end: only the limit can answer this.
        sender.sendall(chunk + chunk)
        assert_too_large(read_all(sender))


def test_a_sender_that_does_not_listen_can_still_read_why(serve: Serve) -> None:
    web = serve(REQUEST_MAX_BYTES=str(LIMIT))
    body = b"x" * 20 * 2**20
    with web.request("/body-length", f"Content-Length: {len(body)}", method="POST") as sender:
        sender.sendall(body)
        assert_too_large(read_all(sender))


def test_bodies_up_to_the_limit_are_served(serve: Serve) -> None:
    web = serve(REQUEST_MAX_BYTES=str(LIMIT))
    with web.request("/body-length", f"Content-Length: {LIMIT}", method="POST") as sender:
        sender.sendall(b"x" * LIMIT)
        read_until(sender, b"\r\n\r\n100000")
    with web.request("/body-length", "Transfer-Encoding: chunked", method="POST") as sender:
        sender.sendall(b"%x\r\n%b\r\n0\r\n\r\n" % (LIMIT, b"x" * LIMIT))
        read_until(sender, b"\r\n\r\n100000")
