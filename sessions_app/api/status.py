"""Is it alive, is it ready, how is it doing."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest
from ninja import Router, Status

from sessions_app.api.auth import AUTH, AuthenticatedRequest
from sessions_app.api.schemas import HealthOut, ReadyOut, SessionHealthOut, StatusOut, errors
from sessions_app.events.replay import read
from sessions_app.models import ApiKey
from sessions_app.services.pulse import silence
from sessions_app.streaming.hub import get_hub

router = Router(tags=["status"])
# A worker that misses three sweeps, plus a little, is counted as gone.
MISSED_SWEEPS = 3
HOW_TO_START = "start `manage.py worker` and one `manage.py beat`"
VERSION = "0.1.0"


@router.get("/health", response=HealthOut, auth=None)
async def health(request: HttpRequest) -> dict[str, str]:
    """This process answers. Touches nothing else."""
    return {"status": "ok", "version": VERSION}


@router.get("/ready", response={200: ReadyOut, 503: ReadyOut}, auth=None)
async def ready(request: HttpRequest) -> Status[dict[str, Any]]:
    """Database, bus, worker and beat. 503 only without the database: all else makes the service slower, not wrong."""
    database = await read(_database)
    checks = {"database": database, "bus": await _bus()}
    for kind in ("worker", "beat"):
        known = database["ok"]
        checks[kind] = await read(partial(_process, kind)) if known else {"ok": False, "detail": "Unknown."}
    if not database["ok"]:
        return Status(503, {"status": "down", "checks": checks})
    status = "ok" if all(check["ok"] for check in checks.values()) else "degraded"
    return Status(200, {"status": status, "checks": checks})


@router.get("/status", response={200: StatusOut, **errors()}, auth=AUTH)
async def status(request: HttpRequest) -> dict[str, Any]:
    """Streams, subscriptions and the bus, as this process sees them."""
    hub = get_hub()
    hub.start()
    return {**hub.status(), "heartbeat_seconds": settings.STREAM_HEARTBEAT_SECONDS}


@router.get("/sessions/{session}/health", response={200: SessionHealthOut, **errors(404)}, auth=AUTH)
async def session_health(request: AuthenticatedRequest, session: str) -> dict[str, Any]:
    """How far a session's log has come, and how many streams of this process carry it."""
    request.auth.require(ApiKey.Scope.SESSIONS)
    found = await read(lambda: request.auth.session(session))
    streams = get_hub().streams_of(found.pk)
    return {"session": found.name, "status": found.status, "last_seq": found.last_seq, "streams": streams}


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        return {"ok": False, "detail": f"The database does not answer ({type(error).__name__})."}
    return {"ok": True, "detail": f"{connection.vendor} answers."}


async def _bus() -> dict[str, Any]:
    hub = get_hub()
    hub.start()
    if await hub.reachable():
        return {"ok": True, "detail": f"The {hub.mode} bus answers."}
    return {"ok": False, "detail": "Redis does not answer; streams follow the log."}


def _process(kind: str) -> dict[str, Any]:
    quiet = silence(kind)
    if quiet is None:
        return {"ok": False, "detail": f"No {kind} has ever reported: {HOW_TO_START}."}
    if quiet > timedelta(seconds=settings.RUN_SWEEP_SECONDS * MISSED_SWEEPS + 5):
        return {"ok": False, "detail": f"No {kind} has reported for {quiet.total_seconds():.0f} s."}
    return {"ok": True, "detail": f"A {kind} reported {quiet.total_seconds():.1f} s ago."}
