"""SIGTERM: what is open is ended well, nothing new is let in, and the process leaves with 0."""

import signal
from collections.abc import Callable

import pytest

from tests.serving.processes import WebProcess, read_all, read_until, wait_for

Serve = Callable[..., WebProcess]


def refuses(web: WebProcess) -> bool:
    try:
        web.connect().close()
    except ConnectionRefusedError:
        return True
    return False


def test_an_open_stream_gets_its_last_bytes(serve: Serve) -> None:
    web = serve(SERVE_DRAIN_SECONDS="600")
    with web.request("/until-drained") as reader:
        read_until(reader, b"\r\n\r\n")
        web.terminate()
        assert b"data: come back later\n\n" in read_all(reader)
    assert web.exit_code() == 0


def test_a_large_answer_under_way_is_finished(serve: Serve) -> None:
    web = serve(SERVE_DRAIN_SECONDS="600")
    with web.request("/large") as reader:
        received = read_until(reader, b"xxx")
        web.terminate()
        web.wait_until_it_says("draining 1 open requests")
        received += read_all(reader)
    assert len(received.split(b"\r\n\r\n", 1)[1]) == 8 * 2**20
    assert web.exit_code() == 0


def test_new_connections_are_refused_while_old_ones_end(serve: Serve) -> None:
    web = serve(SERVE_DRAIN_SECONDS="60")
    with web.request("/never-ending") as reader:
        read_until(reader, b"\r\n\r\n")
        web.terminate()
        wait_for(lambda: refuses(web), "a refused connection")
        assert web.process.poll() is None


def test_a_request_that_will_not_end_is_cut_off_in_time(serve: Serve) -> None:
    web = serve(SERVE_DRAIN_SECONDS="0.2")
    with web.request("/never-ending") as reader:
        read_until(reader, b"\r\n\r\n")
        web.terminate()
        assert web.exit_code() == 0
    assert "cut off 1 requests" in web.said()
    assert "never_ending was cancelled" in web.said()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_stops_at_once(serve: Serve, second: signal.Signals) -> None:
    web = serve(SERVE_DRAIN_SECONDS="600")
    with web.request("/never-ending") as reader:
        read_until(reader, b"\r\n\r\n")
        web.terminate()
        web.wait_until_it_says("draining 1 open requests")
        web.process.send_signal(second)
        assert web.exit_code() == 0


def test_an_idle_connection_does_not_hold_the_process(serve: Serve) -> None:
    web = serve(SERVE_DRAIN_SECONDS="600")
    with web.request("/process-id") as idle:
        read_until(idle, b"%d" % web.pid)
        web.terminate()
        assert web.exit_code() == 0
