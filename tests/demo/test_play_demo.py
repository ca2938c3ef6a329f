"""`manage.py play_demo`, played for real."""

import re
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F

from agents_app.models import Order
from config.demo.heard import Missed
from config.demo.props import demo_workspace, refundable_order
from sessions_app.models import ApiKey, Pulse, Session
from tests.patience import PATIENCE_SECONDS
from tests.servers.processes import Process, Processes

SECONDS = 2 * PATIENCE_SECONDS


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Nobody listens there, and nobody else gets it either."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture
def demo(transactional_db: None) -> None:
    call_command("setup_demo", verbosity=0)


def assert_played(demo: Process) -> None:
    assert demo.wait(SECONDS) == 0, demo.tail()
    assert "every word and every event" in demo.log
    # Said in one line, although the words came one by one.
    assert re.search(r"^agent +Done: 0\.01 EUR of order \d+ is refunded, [\d.]+ in all\.$", demo.log, re.MULTILINE)
    assert re.search(r"^agent +The refund .*: Refunds are paused until Monday\.$", demo.log, re.MULTILINE)
    assert "\x1b[" not in demo.log, "colour, and no terminal"


@pytest.mark.processes
@pytest.mark.each_database
@pytest.mark.timeout(600)
def test_plays_against_a_running_server_and_leaves_neither_key_nor_open_session(
    demo: None, processes: Processes
) -> None:
    web = processes.web()
    processes.worker()
    beat = processes.beat()
    beat.wait_until(lambda: Pulse.objects.count() == 2, SECONDS, "signs of life of beat and worker")
    assert_played(processes.start("play_demo", "manage.py", "play_demo", "--url", web.url))
    key = ApiKey.objects.get()
    assert key.revoked_at is not None
    assert key.expires_at is not None and key.expires_at - key.created_at <= timedelta(hours=1, seconds=1)
    assert [session.status for session in Session.objects.all()] == [Session.Status.CLOSED]
    assert sum(Order.objects.values_list("refunded_cents", flat=True)) == 1


@pytest.mark.processes
@pytest.mark.timeout(600)
def test_starts_a_server_of_its_own_where_none_answers_and_stops_it(
    demo: None, processes: Processes, deaf_port: int
) -> None:
    started = processes.start("play_demo", "manage.py", "play_demo", "--port", str(deaf_port))
    assert_played(started)
    (port,) = re.findall(r"playing against http://127\.0\.0\.1:(\d+)$", started.log, re.MULTILINE)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0, "the server is still there"


@pytest.mark.processes
@pytest.mark.timeout(600)
def test_fails_and_says_so_when_there_is_no_worker(demo: None, processes: Processes) -> None:
    web = processes.web()
    started = processes.start("play_demo", "manage.py", "play_demo", "--url", web.url)
    assert started.wait(SECONDS) == 1
    assert "No worker has ever reported" in started.log
    assert not Session.objects.exists()


@pytest.mark.processes
def test_fails_and_says_so_when_nothing_answers_at_the_given_url(
    demo: None, processes: Processes, deaf_port: int
) -> None:
    url = f"http://127.0.0.1:{deaf_port}"
    started = processes.start("play_demo", "manage.py", "play_demo", "--url", url)
    assert started.wait(SECONDS) == 1
    assert f"CommandError: Nothing answers at {url}." in started.log


@pytest.mark.django_db
def test_says_what_to_do_without_demo_data() -> None:
    with pytest.raises(Missed, match=r"manage\.py setup_demo"):
        demo_workspace()


@pytest.mark.django_db
def test_takes_an_order_with_enough_left_to_be_refused_a_second_refund() -> None:
    call_command("setup_demo", verbosity=0)
    Order.objects.exclude(number=1003).update(refunded_cents=F("total_cents") - 1)
    assert refundable_order(demo_workspace()) == 1003


@pytest.mark.django_db
def test_says_how_to_begin_anew_when_every_order_is_refunded() -> None:
    call_command("setup_demo", verbosity=0)
    Order.objects.update(refunded_cents=F("total_cents"))
    with pytest.raises(Missed, match="delete the orders"):
        refundable_order(demo_workspace())
