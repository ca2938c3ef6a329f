"""How often somebody may guess a password. User names are no secret: customers are told who serves them."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sessions_app.actors import SYSTEM
from sessions_app.exceptions import TooMany
from sessions_app.models import Membership
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


@transaction.atomic
def login_failed(name: str) -> None:
    """Tell the workspaces whose member was tried. Nobody knows who tried, so the entry is not that member's."""
    memberships = Membership.objects.filter(user__username=name).select_related("workspace")
    # Each entry locks the head of a chain: in one order, whoever is tried.
    for membership in memberships.order_by("workspace_id"):
        write_audit(membership.workspace, "login.failed", actor=SYSTEM, target=membership.user_id)


def _holder(name: str, address: str) -> str:
    return f"login:{address} {name}"
