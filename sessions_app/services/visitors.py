"""What visitors of the chat page begin and say. Anybody can be a visitor, so everything here has a limit."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.exceptions import Forbidden, TooMany
from sessions_app.models import Session, Workspace
from sessions_app.services.allowances import give_back, seconds_left, take
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
    limit = settings.CHAT_SESSIONS_PER_MINUTE
    # A visitor's own row is counted too: while it is locked, nobody else opens a session for them.
    _take({f"address:{address}": limit, f"visitor:{actor.name}": limit}, "conversations were begun")
    if Session.objects.of(workspace).open().filter(customer=actor.name).count() >= settings.CHAT_OPEN_SESSIONS:
        raise TooMany("You have too many open conversations. Go on with one of them, or end one.")
    return open_session(workspace, actor=actor, agent=settings.CHAT_AGENT, customer=actor.name, language=language)


@transaction.atomic
def count_message(actor: Actor, *, address: str) -> None:
    """A visitor is about to say something. Raises TooMany when they, or their address, said too much in this minute."""
    of_address = {f"messages at {address}": settings.CHAT_ADDRESS_MESSAGES_PER_MINUTE}
    _take({**of_address, f"messages:{actor.name}": settings.CHAT_MESSAGES_PER_MINUTE}, "messages were sent")


@transaction.atomic
def count_handoff(actor: Actor) -> None:
    """A visitor is about to ask for a person. Raises TooMany when they did so too often in this minute."""
    _take({f"handoffs:{actor.name}": settings.CHAT_HANDOFFS_PER_MINUTE}, "requests for a person were made")


@transaction.atomic
def count_typing(actor: Actor) -> None:
    """A visitor tells that they write. Raises TooMany when they did so too often in this minute."""
    _take({f"typing:{actor.name}": settings.CHAT_TYPING_PER_MINUTE}, "keystrokes were told of")


def _take(limits: Mapping[str, int], what: str) -> None:
    """Take one of each holder's allowance, or of none: a refusal takes nothing. The caller's transaction says so."""
    now = timezone.now()
    if not all(take(holder, limit=limit, now=now) for holder, limit in limits.items()):
        raise TooMany(f"Too many {what} here just now. Try again in a minute.", retry_after=seconds_left(now))


def forget_visitor(visitor: str) -> None:
    """Drop what a visitor was counted by."""
    for what in ("visitor", "messages", "handoffs", "typing"):
        give_back(f"{what}:{visitor}")
