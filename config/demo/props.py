"""What the demo needs from the installation's own database: an order and a key."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from agents_app.models import Order
from config.demo.heard import Missed
from sessions_app.actors import SYSTEM
from sessions_app.models import ApiKey, Workspace
from sessions_app.services.api_keys import create_api_key, revoke_api_key

WORKSPACE = "demo"
Scope = ApiKey.Scope
SCOPES = [Scope.SESSIONS, Scope.MESSAGES, Scope.TICKETS, Scope.PERMISSIONS, Scope.OPERATOR]
KEY_LIFETIME = timedelta(hours=1)


def demo_workspace() -> Workspace:
    try:
        workspace = Workspace.objects.filter(name=WORKSPACE).first()
    except DatabaseError as error:
        raise Missed(f"The database is not ready ({error}): run `manage.py migrate` first.") from error
    if workspace is None:
        raise Missed("There is no demo workspace: run `manage.py setup_demo` first.")
    return workspace


def refundable_order(workspace: Workspace) -> int:
    """Any demo order with something left after the refund that is allowed, so that the second one is asked for."""
    left = Order.objects.filter(workspace=workspace, refunded_cents__lte=F("total_cents") - 2)
    # Any and not the first, so that two demos at once rarely play with the same one.
    number = left.order_by("?").values_list("number", flat=True).first()
    if number is None:
        raise Missed("Every demo order is refunded: delete the orders in the admin and run `manage.py setup_demo`.")
    return number


@contextmanager
def short_lived_key(workspace: Workspace) -> Iterator[str]:
    """A key for one play. It is taken back afterwards, and ends by itself should nobody get to that."""
    expires_at = timezone.now() + KEY_LIFETIME
    key, text = create_api_key(workspace, SCOPES, actor=SYSTEM, label="play_demo", expires_at=expires_at)
    try:
        yield text
    finally:
        revoke_api_key(key, actor=SYSTEM)
