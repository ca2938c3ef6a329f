"""Logins and logouts are told to the audit history, whichever page or program does them.

A login that cannot be written down does not take place.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from sessions_app.services.logins import note_login, note_logout


@receiver(user_logged_in, dispatch_uid="handrail_logged_in")
def logged_in(sender: Any, user: Any, **kwargs: Any) -> None:
    note_login(user)


@receiver(user_logged_out, dispatch_uid="handrail_logged_out")
def logged_out(sender: Any, user: Any, **kwargs: Any) -> None:
    # None when nobody was logged in.
    if user is not None:
        note_logout(user)
