"""A workspace's feed for queue pages: how its sessions stand and who is present, whenever that changes.

State, not events: each frame is a session's summary as of its `last_seq`, so a summary that is repeated, skipped or
late does no harm, and after any break the current summaries are simply sent again.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from sessions_app.events.channels import workspace_channel
from sessions_app.events.replay import read
from sessions_app.events.types import Event, EventType
from sessions_app.models import Presence, Session
from sessions_app.streaming import sse
from sessions_app.streaming.encoder import encode
from sessions_app.streaming.hub import Hub
from sessions_app.streaming.native import farewell, terms

logger = logging.getLogger(__name__)

# Changes within this window are one look at the database.
WINDOW_SECONDS = 0.2
# A change becomes visible at its commit, a little after the time it carries.
OVERLAP = timedelta(seconds=30)
# A feed begins with so many who wait and so many others, as the queue page does; the list endpoint has them all.
MAX_OPEN = 500
# Who, and the name of the session they have open; None at the queue.
Place = dict[str, str | None]
FIELDS = (
    "id",
    "name",
    "status",
    "status_changed_at",
    "priority",
    "operator__username",
    "agent",
    "customer",
    "language",
    "last_message",
    "last_seq",
    "last_event_at",
)


async def feed_frames(
    hub: Hub, workspace_id: int, workspace: str, *, heartbeats: bool = True, reader: str = ""
) -> AsyncGenerator[bytes, None]:
    """`connected`, a summary of every open session and who is present; then whatever of it changes.

    Frames carry no id: there is nothing to resume. `heartbeats` are left out where a stream of sessions on the same
    connection has its own. `reader` is whose stream it counts as. Never raises.
    """
    opening = {"status": "connected", **terms(hub), "workspace": workspace}
    yield sse.retry(settings.STREAM_RETRY_MILLISECONDS) + encode(_event(EventType.CONNECTED, "", opening))
    until = time.monotonic() + settings.STREAM_MAX_SECONDS
    sent: dict[UUID, int] = {}
    present: list[Place] | None = None
    since: datetime | None = None
    try:
        async with hub.subscribe({workspace_channel(workspace_id): None}, reader) as inbox:
            while True:
                looked_at = timezone.now()
                summaries, found = await read(partial(_look, workspace_id, since))
                for summary in summaries:
                    if sent.get(summary["id"]) != summary["last_seq"]:
                        sent[summary["id"]] = summary["last_seq"]
                        yield encode(_event(EventType.NOTICE, summary["name"], _data(summary)))
                if found != present:
                    present = found
                    yield encode(_event(EventType.PRESENCE, "", {"operators": found}))
                since = looked_at - OVERLAP
                mail = await inbox.take()
                if mail.ended or time.monotonic() > until:
                    yield farewell()
                    return
                if mail.beat and heartbeats:
                    yield encode(_event(EventType.HEARTBEAT, "", {"bus": hub.mode}))
                await asyncio.sleep(WINDOW_SECONDS)
    except (DatabaseError, InterfaceError):
        logger.exception("The sessions cannot be read; the feed ends and its reader reconnects.")


def _look(workspace_id: int, since: datetime | None) -> tuple[list[dict[str, Any]], list[Place]]:
    """What is new of the sessions, and everybody who is present: who has left is found here, at the next heartbeat."""
    here = Presence.objects.here(workspace_id).values_list("user__username", "session__name")
    return _summaries(workspace_id, since), [{"operator": name, "session": session} for name, session in here]


def _summaries(workspace_id: int, since: datetime | None) -> list[dict[str, Any]]:
    """At first the most urgent who wait and the most recently active others; later whatever changed since."""
    rows = Session.objects.filter(workspace_id=workspace_id)
    if since is not None:
        return list(rows.filter(last_event_at__gte=since).order_by("last_event_at").values(*FIELDS))
    others = rows.open().exclude(status=Session.Status.WAITING).order_by("-last_event_at")
    return [*rows.waiting().values(*FIELDS)[:MAX_OPEN], *others.values(*FIELDS)[:MAX_OPEN]]


def _data(summary: dict[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in summary.items() if key != "operator__username"}
    times = {key: summary[key].isoformat() for key in ("status_changed_at", "last_event_at")}
    times["waiting_since"] = times["status_changed_at"] if summary["status"] == Session.Status.WAITING else None
    operator = summary["operator__username"] or ""
    return {"code": "session_changed", **told, **times, "operator": operator, "id": str(summary["id"])}


def _event(type: EventType, session: str, data: dict[str, Any]) -> Event:
    return Event(type=type, session=session, timestamp=timezone.now(), data=data)
