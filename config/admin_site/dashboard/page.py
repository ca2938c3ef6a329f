"""The dashboard: what is asked for, and everything the page shows of it."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from config.admin_site.dashboard.decisions import decisions
from config.admin_site.dashboard.ended import ended
from config.admin_site.dashboard.opened import opened
from config.admin_site.dashboard.pending import pending
from config.admin_site.dashboard.present import present
from config.admin_site.dashboard.processes import processes
from config.admin_site.dashboard.ranges import CHOICES, DEFAULT, Choice, range_until, read_choice
from config.admin_site.dashboard.scope import Scope
from config.admin_site.dashboard.spent import spent
from config.admin_site.dashboard.waiting import waiting
from sessions_app.models import Session
from sessions_app.services.supervising import supervised

# More than this is no list to choose from; `?workspace=` takes every name all the same.
WORKSPACES = 200


def dashboard(request: HttpRequest) -> dict[str, Any]:
    """The front page's context. What is asked for and cannot be is answered as if it were not, with a notice."""
    now = timezone.now()
    choice, scope, notices = _asked(request)
    during = range_until(choice, now)
    mine = supervised(cast(User, request.user)).order_by("name")
    return {
        "choices": CHOICES,
        "choice": choice,
        "during": during,
        "workspaces": mine[:WORKSPACES],
        "chosen": scope.chosen,
        "notices": notices,
        "present": present(scope, now),
        "pending": pending(scope, now),
        "opened": opened(scope, during),
        "ended": ended(scope, during),
        "decisions": decisions(scope, during),
        "waiting": waiting(scope, during),
        "spent": spent(scope, during),
        "processes": processes(),
        "nothing_yet": not scope.of(Session.objects.all()).exists(),
    }


def _asked(request: HttpRequest) -> tuple[Choice, Scope, list[str]]:
    notices = []
    name = request.GET.get("range", DEFAULT.name)
    choice = read_choice(name)
    if choice is None:
        choice = DEFAULT
        notices.append(f"There is no such time range. Shown are the last {DEFAULT.label}.")
    mine, user = supervised(cast(User, request.user)), cast(User, request.user)
    everything = Scope(None if user.is_superuser else tuple(mine.order_by().values_list("pk", flat=True)))
    wanted = request.GET.get("workspace", "")
    if not wanted:
        return choice, everything, notices
    # A workspace of others is answered as one that is not there.
    chosen = mine.filter(name=wanted).first()
    if chosen is None:
        notices.append("You oversee no workspace of this name. Shown are all that you do.")
        return choice, everything, notices
    return choice, Scope((chosen.pk,), chosen), notices
