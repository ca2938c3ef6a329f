"""What a reader of an event stream gets, and what it can cost."""

import asyncio
from collections.abc import Callable

from config.serving.channel import Channel
from tests.serving.processes import WebProcess, read_until, wait_for

Serve = Callable[..., WebProcess]


def test_the_head_of_a_stream_arrives_before_its_first_event(serve: Serve) -> None:
    with serve().request("/never-ending") as reader:
        head = read_until(reader, b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"text/event-stream" in head


def test_a_reader_that_stops_reading_is_dropped_in_bounded_memory(serve: Serve) -> None:
    web = serve(STREAM_STALL_SECONDS="1")
    web.answer("/process-id")
    before = web.resident_bytes()
    with web.request("/flood") as reader:
        read_until(reader, b"\r\n\r\n")
        most = before

        def is_over() -> bool:
            nonlocal most
            most = max(most, web.resident_bytes())
            return "flood over" in web.said()

        wait_for(is_over, "the end of the flood")
    assert "flood over, reader gone: True" in web.said()
    assert "dropped a reader" in web.said()
    assert most - before < 8 * 2**20


def test_others_are_served_while_a_reader_stalls(serve: Serve) -> None:
    web = serve(STREAM_STALL_SECONDS="600")
    with web.request("/flood") as stalled, web.request("/flood") as reader:
        read_until(stalled, b"\r\n\r\n")
        received = 0
        while received < 50 * 2**20:
            received += len(reader.recv(2**20))
        assert web.answer("/process-id").endswith(b"%d" % web.pid)
    assert "dropped a reader" not in web.said()


class SlowlyRead:
    """A transport that has sent a little more each time one looks, and at last everything."""

    dataBuffer = b"0123456789"  # noqa: N815 - Twisted's name
    aborted = False

    def __init__(self, channel: Channel) -> None:
        self._offsets = iter(range(10))
        self._channel = channel

    @property
    def offset(self) -> int:
        offset = next(self._offsets)
        if offset == 5:
            self._channel.flushed.set()
        return offset

    def abortConnection(self) -> None:  # noqa: N802 - Twisted's name
        self.aborted = True


def test_a_slow_reader_that_reads_is_kept() -> None:
    channel = Channel()
    channel.transport = SlowlyRead(channel)
    channel.flushed.clear()
    asyncio.run(channel.wait_flushed(stall_seconds=0.001))
    assert channel.flushed.is_set()
    assert not channel.transport.aborted


def test_a_reader_that_leaves_ends_its_stream(serve: Serve) -> None:
    web = serve()
    with web.request("/flood") as reader:
        read_until(reader, b"xxx")
    web.wait_until_it_says("flood over, reader gone: True")


def test_a_large_answer_arrives_whole(serve: Serve) -> None:
    _, body = serve().answer("/large").split(b"\r\n\r\n", 1)
    assert len(body) == 8 * 2**20


def test_an_application_that_only_sends_does_not_keep_the_process_to_itself(serve: Serve) -> None:
    web = serve()
    with web.request("/ignores-its-reader") as reader:
        read_until(reader, b"on and on")
    assert web.answer("/process-id").endswith(b"%d" % web.pid)
