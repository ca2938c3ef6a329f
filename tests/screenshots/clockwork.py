"""One fixed afternoon: pictures that are taken again differ only where the product does."""

from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F
from django.utils import timezone

from agents_app.models import PermissionRequest
from sessions_app.events.types import EventType
from sessions_app.models import AuditEntry, Session, StoredEvent
from tests.browser.furnish import PASSWORD

NOW = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
# For how many seconds the customers of these sessions have waited.
WAITED = {"order-1009": 372, "order-1011": 84}
# For how many minutes the first request may still be answered; the others a minute more each.
LEFT_MINUTES = 7


def let_in() -> None:
    """Logins were made under other settings, with another way to keep passwords."""
    for user in User.objects.filter(username__in=("olga", "omar", "supervisor")):
        user.set_password(PASSWORD)
        user.save()


def set_back() -> None:
    """Move everything that has happened to shortly before NOW. Nothing may be at work any more."""
    shift = NOW - timezone.now()
    for label in ("sessions_app", "agents_app"):
        for model in apps.get_app_config(label).get_models():
            # The database refuses to change the audit history, and no picture shows it.
            if model is AuditEntry:
                continue
            times = [field.name for field in model._meta.get_fields() if isinstance(field, models.DateTimeField)]
            if times:
                model._default_manager.update(**{name: F(name) + shift for name in times})
    for name, seconds in WAITED.items():
        Session.objects.filter(name=name).update(status_changed_at=NOW - timedelta(seconds=seconds))
    for minutes, request in enumerate(PermissionRequest.objects.order_by("requested_at"), LEFT_MINUTES):
        _set_end(request, NOW + timedelta(minutes=minutes, seconds=-20))


def _set_end(request: PermissionRequest, end: datetime) -> None:
    """In the row, and in what the log says of it."""
    request.expires_at = end
    request.save(update_fields=["expires_at"])
    for event in StoredEvent.objects.filter(type=EventType.PERMISSION_REQUEST, data__request_id=str(request.pk)):
        event.data["expires_at"] = end.isoformat()
        event.save(update_fields=["data"])


def introduce_visitor() -> None:
    """A customer of the chat page has a name by chance, which would be another one in each picture."""
    Session.objects.filter(customer__startswith="visitor-").update(name="order-1002", customer="visitor-5d0c41f2")
