"""Tell and ask whether background processes are alive."""

from datetime import timedelta

from django.utils import timezone

from sessions_app.models import Pulse


def beat(name: str) -> None:
    """Say that a process of this kind is working now."""
    Pulse.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def silence(name: str) -> timedelta | None:
    """How long nothing was heard of this kind of process; None when it never spoke."""
    last = Pulse.objects.filter(name=name).values_list("at", flat=True).first()
    return None if last is None else timezone.now() - last
