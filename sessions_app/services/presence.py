"""Say where an operator is looking. Feeds are told that something changed, and look for themselves."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.events.announce import announce_presence
from sessions_app.models import Presence, Session, Workspace

# Somebody who stays where they are is written down this often; well below PRESENCE_SECONDS.
REFRESH = timedelta(seconds=10)


def be_present(workspace: Workspace, session: Session | None, *, actor: Actor) -> None:
    """Note that a member is here, at this session or, with None, at the queue.

    Writes nothing when that is known already and was said a moment ago.
    """
    assert actor.user_id is not None, "Only people are present."
    now = timezone.now()
    mine = Presence.objects.filter(workspace=workspace, user_id=actor.user_id)
    known = mine.first()
    session_id = session.pk if session else None
    if known is not None and known.session_id == session_id and known.seen_at > now - REFRESH:
        return
    with transaction.atomic():
        came = _came(mine, session)
        if not came and not mine.update(seen_at=now):
            values = {"session": session, "seen_at": now}
            _, came = Presence.objects.get_or_create(workspace=workspace, user_id=actor.user_id, defaults=values)
            # Two tabs may come at the same moment: one makes the row, the other may have to move it.
            came = came or _came(mine, session)
        if came:
            transaction.on_commit(lambda: announce_presence(workspace), robust=True)


def _came(mine: QuerySet[Presence], session: Session | None) -> bool:
    """Note the place of somebody who was elsewhere or forgotten. False for somebody who is there already."""
    now = timezone.now()
    forgotten = Q(seen_at__lte=now - timedelta(seconds=settings.PRESENCE_SECONDS))
    elsewhere = Q(session__isnull=False) if session is None else Q(session__isnull=True) | ~Q(session=session)
    return bool(mine.filter(forgotten | elsewhere).update(session=session, seen_at=now))
