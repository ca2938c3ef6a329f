"""The access log says what happened and never how to do it again."""

import re
from collections.abc import Callable

import pytest

from config.serving.access_log import printable, redact
from tests.serving.processes import WebProcess, read_until

Serve = Callable[..., WebProcess]


@pytest.mark.parametrize(
    ("uri", "logged"),
    [
        ("/s?token=secret", "/s?token=•••"),
        ("/s?a=1&ticket=secret&b=2", "/s?a=1&ticket=•••&b=2"),
        ("/s?%74oken=secret", "/s?%74oken=•••"),
        ("/s?TOKEN=secret", "/s?TOKEN=•••"),
        ("/s?token=a=b?c", "/s?token=•••"),
        ("/s?tokens=3&cursor=7", "/s?tokens=3&cursor=7"),
        ("/s?token", "/s?token"),
        ("/s", "/s"),
    ],
)
def test_values_of_secret_parameters_are_blanked(uri: str, logged: str) -> None:
    assert redact(uri) == logged


def test_a_request_line_cannot_forge_another_line() -> None:
    assert "\n" not in printable(b"/a\nGET /b 200")
    assert "\x1b" not in printable(b"/\x1b[2J\xff")


def test_each_request_is_one_line_without_its_token(serve: Serve) -> None:
    web = serve()
    web.answer("/process-id?token=sesame&after=4")
    web.wait_until_it_says("GET /process-id?token=•••&after=4 200")
    lines = [line for line in web.said().splitlines() if "/process-id" in line]
    assert len(lines) == 1
    assert re.search(r" 200 \d+ms$", lines[0])


def test_a_stream_that_its_reader_left_is_logged_too(serve: Serve) -> None:
    web = serve()
    with web.request("/never-ending?ticket=sesame") as reader:
        read_until(reader, b"\r\n\r\n")
    web.wait_until_it_says("GET /never-ending?ticket=••• 200")


def test_no_part_of_the_server_logs_a_token(serve: Serve) -> None:
    web = serve(LOG_LEVEL="DEBUG")
    for path in ("/process-id", "/fails-early", "/fails-late", "/gives-up", "/unknown"):
        with web.request(f"{path}?token=sesame", "Connection: close") as reader:
            try:
                while reader.recv(2**16):
                    pass
            except ConnectionResetError:
                pass
    web.terminate()
    assert web.exit_code() == 0
    assert "sesame" not in web.said()
