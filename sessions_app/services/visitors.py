"""Sessions that visitors of the chat page open. Anybody can be a visitor, so everything here has a limit."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.exceptions import Forbidden, TooMany
from sessions_app.models import Session, Workspace
from sessions_app.services.allowances import take
from sessions_app.services.sessions import open_session

CHOICES = frozenset({"language"})


def check_choices(chosen: Collection[str]) -> None:
    """Raise Forbidden when a visitor wants to choose what only the workspace's own people and keys may."""
    refused = sorted(set(chosen) - CHOICES)
    if refused:
        raise Forbidden(f"Visitors of the chat page cannot choose {', '.join(refused)}.")


@transaction.atomic
def open_visitors_session(workspace: Workspace, *, actor: Actor, language: str, address: str) -> Session:
    """Begin a conversation with a visitor, who is its customer, served by the chat page's agent.

    Raises TooMany when the address or the visitor has begun too many in this minute, or the visitor has too many open.
    """
    now, limit = timezone.now(), settings.CHAT_SESSIONS_PER_MINUTE
    # A visitor's own row is counted too: while it is locked, nobody else opens a session for them.
    if not all(take(holder, limit=limit, now=now) for holder in (f"address:{address}", f"visitor:{actor.name}")):
        raise TooMany("Too many conversations were begun here just now. Try again in a minute.")
    if Session.objects.of(workspace).open().filter(customer=actor.name).count() >= settings.CHAT_OPEN_SESSIONS:
        raise TooMany("You have too many open conversations. Go on with one of them, or end one.")
    return open_session(workspace, actor=actor, agent=settings.CHAT_AGENT, customer=actor.name, language=language)
