"""What a customer is told who asks for a person when nobody is there."""

from uuid import uuid4

from django.utils import timezone

from sessions_app.actors import SYSTEM
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Handoff, Session
from sessions_app.opening_hours import is_open


def tell_after_hours(session: Session, handoff: Handoff) -> None:
    """Say it, once in a handoff, outside the workspace's opening hours. The caller holds the session's lock."""
    workspace = session.workspace
    if handoff.after_hours_told or not workspace.after_hours_text.strip():
        return
    if is_open(workspace.opening_hours, workspace.time_zone, timezone.now()):
        return
    record(
        session,
        EventType.MESSAGE_COMPLETED,
        {
            "message_id": str(uuid4()),
            "role": SYSTEM.role,
            "author": workspace.title or workspace.name,
            "text": workspace.after_hours_text,
        },
    )
    handoff.after_hours_told = True
    handoff.save(update_fields=["after_hours_told"])
