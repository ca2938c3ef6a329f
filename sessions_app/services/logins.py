"""Logins: how often somebody may guess a password, and what the audit history is told.

User names are no secret: customers are told who serves them.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.exceptions import TooMany
from sessions_app.services.allowances import give_back, seconds_left, take
from sessions_app.services.audit import write_audit


def begin_login(name: str, *, address: str) -> None:
    """Count an attempt. Raises TooMany when too many failed under this name, from this address, a moment ago.

    Counted before the password is looked at: so guesses that come at the same moment are no more either.
    """
    now, per = timezone.now(), timedelta(minutes=settings.LOGIN_FAILURE_MINUTES)
    if not take(_holder(name, address), limit=settings.LOGIN_FAILURES, now=now, per=per):
        raise TooMany(
            "Too many failed logins under this user name. Try again later.", retry_after=seconds_left(now, per)
        )


def login_succeeded(name: str, *, address: str) -> None:
    """Forget the failures before it."""
    give_back(_holder(name, address))


def login_failed(name: str) -> None:
    """Tell the workspaces whose member was tried. Nobody knows who tried, so the entry is not that member's."""
    user = User.objects.filter(username=name).first()
    if user is not None:
        _tell(user, "login.failed", lambda role: SYSTEM)


def note_login(user: User) -> None:
    """Somebody has logged in, on whichever page."""
    _tell(user, "login.succeeded", lambda role: _acting(user, role))


def note_logout(user: User) -> None:
    """Somebody has logged out. A login that runs out is not told: nobody is there to notice."""
    _tell(user, "login.ended", lambda role: _acting(user, role))


@transaction.atomic
def _tell(user: User, action: str, actor: Callable[[str], Actor]) -> None:
    """One entry in each workspace of theirs; who is in none gets one that belongs to none.

    Each entry locks the head of a chain: in one order, whoever it is about.
    """
    memberships = list(user.memberships.select_related("workspace").order_by("workspace_id"))
    for membership in memberships:
        write_audit(membership.workspace, action, actor=actor(membership.role), target=user.pk)
    if not memberships:
        write_audit(None, action, actor=actor("superuser" if user.is_superuser else ""), target=user.pk)


def _acting(user: User, role: str) -> Actor:
    return Actor(ActorKind.USER, user.get_username(), role=role, user_id=user.pk)


def _holder(name: str, address: str) -> str:
    return f"login:{address} {name}"
