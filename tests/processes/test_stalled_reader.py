"""A reader that takes nothing, while 200 MB go by: it costs a bounded amount of memory and loses nothing."""

import socket
from contextlib import closing

import pytest

from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Session
from tests.processes.product import Product
from tests.processes.reader import Reader
from tests.processes.resources import resident_megabytes
from tests.processes.wire import Frame
from tests.servers.processes import Processes, Web

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
# Just below what travels on the bus as it is.
EVENT_BYTES = 256 * 1024 - 600
EVENTS = 800
# Long enough for the traffic to pass by before the reader is given up.
STALL_SECONDS = 15
GROWTH_MEGABYTES = 60


def without_text(event: Frame) -> Frame:
    return {**event, "data": {**event["data"], "text": len(event["data"].get("text", ""))}}


def test_a_stalled_reader_is_dropped_in_bounded_memory_and_resumes_by_its_cursor(
    processes: Processes, session: Session, key: str
) -> None:
    web = processes.web(STREAM_STALL_SECONDS=str(STALL_SECONDS))
    with Product(web.url, key) as product, closing(stalled(web, session, key)):
        product.say(session.name, "Is anybody there?")
        begun = session.events.count()
        with Reader([web.url], session.name, key=key, keep=without_text) as attentive:
            attentive.wait_for_seq(begun)
            before = resident_megabytes(web)

            sizes = []
            for _ in range(EVENTS):
                last = tell(session)
                sizes.append(resident_megabytes(web))
            attentive.wait_for_seq(last)
            sizes.append(resident_megabytes(web))
            web.wait_for_log("dropped a reader that took nothing", seconds=STALL_SECONDS * 2)
            sizes.append(resident_megabytes(web))
        assert len(attentive.opened) == 1
        print(f"resident: {before:.0f} MB before, at most {max(sizes):.0f} MB")  # noqa: T201
        assert max(sizes) - before < GROWTH_MEGABYTES
        # The stalled reader had been given at most the beginning; from its cursor it gets all the rest.
        with Reader([web.url], session.name, key=key, keep=without_text) as resumed:
            resumed.wait_for_seq(last)
        assert resumed.events == attentive.events
        assert resident_megabytes(web) - before < GROWTH_MEGABYTES


def stalled(web: Web, session: Session, key: str) -> socket.socket:
    """A reader that asks for the stream and never reads."""
    connection = socket.create_connection(("127.0.0.1", web.port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    path = f"/api/v1/sessions/{session.name}/events"
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
    return connection


def tell(session: Session) -> int:
    """Record a large event from this process."""
    data = {"message_id": "", "role": "system", "author": "", "text": "x" * EVENT_BYTES}
    return record(session, EventType.MESSAGE_COMPLETED, data).seq or 0
