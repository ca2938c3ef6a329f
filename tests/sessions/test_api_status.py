"""Alive, ready, and how it is doing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from sessions_app.api import status as status_module
from sessions_app.models import Pulse, Session
from sessions_app.services.pulse import beat
from tests.builders import KeyClient
from tests.servers.valkey import TestValkey
from tests.sessions.asgi_client import get

pytestmark = pytest.mark.django_db(transaction=True)


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/api/v1/ready")
    return answer.status_code, answer.json()


def test_health_asks_nobody_and_needs_nothing(client: Client, valkey: TestValkey) -> None:
    valkey.kill()
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_with_database_bus_worker_and_beat_it_is_ready(client: Client, valkey: TestValkey) -> None:
    beat("worker")
    beat("beat")
    status, body = ready(client)
    assert (status, body["status"]) == (200, "ok")
    assert {name: check["ok"] for name, check in body["checks"].items()} == {
        "database": True,
        "bus": True,
        "worker": True,
        "beat": True,
    }


def test_without_the_bus_it_is_ready_and_slower(client: Client, valkey: TestValkey) -> None:
    beat("worker")
    valkey.kill()
    status, body = ready(client)
    assert (status, body["status"], body["checks"]["bus"]["ok"]) == (200, "degraded", False)


@pytest.mark.parametrize("ago", [None, 3600])
def test_without_a_worker_it_says_so(client: Client, valkey: TestValkey, ago: int | None) -> None:
    if ago is not None:
        Pulse.objects.create(name="worker", at=timezone.now() - timedelta(seconds=ago))
    status, body = ready(client)
    assert (status, body["status"], body["checks"]["worker"]["ok"]) == (200, "degraded", False)
    assert "worker" in body["checks"]["worker"]["detail"]


def test_a_worker_that_missed_a_sweep_or_two_still_counts(
    client: Client, valkey: TestValkey, settings: Settings
) -> None:
    settings.RUN_SWEEP_SECONDS = 1000
    Pulse.objects.create(name="worker", at=timezone.now() - timedelta(seconds=2500))
    assert ready(client)[1]["checks"]["worker"]["ok"]


def test_without_the_database_it_is_down(client: Client, valkey: TestValkey, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        vendor = "broken"

        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(status_module, "connection", Broken())
    status, body = ready(client)
    assert (status, body["status"], body["checks"]["database"]["ok"]) == (503, "down", False)


async def test_status_counts_the_streams_of_this_process(session: Session, key: str, valkey: TestValkey) -> None:
    async with get("/sessions/talk/events", key) as one, get("/events?session=talk", key) as other:
        await one.until_seq(1)
        await other.until_seq(1)
        async with get("/status", key) as answer:
            assert answer.json["streams"] == 2
            assert answer.json["subscriptions"] == 1
            assert answer.json["bus"] == "redis"
        async with get("/sessions/talk/health", key) as answer:
            assert answer.json == {"session": "talk", "status": "active", "last_seq": 1, "streams": 2}


def test_a_sessions_health_is_for_its_workspace_only(api: KeyClient, session: Session) -> None:
    assert api.get("/sessions/talk/health").status_code == 200
    assert api.get("/sessions/unknown/health").status_code == 404
