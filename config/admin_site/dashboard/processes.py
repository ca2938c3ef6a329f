"""The processes behind the product: this web process, and the signs of life of workers and beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.conf import settings

from config.admin_site.dashboard.figures import Figure, count, duration
from sessions_app.services.pulse import silence
from sessions_app.streaming.hub import get_hub

BUSES = {"redis": "Redis", "memory": "This process"}


@dataclass(frozen=True)
class Processes:
    figures: Sequence[Figure]


def processes() -> Processes:
    """A process knows its own streams only; with several, each reload may tell of another one."""
    here = async_to_sync(_look)()
    streams = int(here["streams"])
    bus = BUSES.get(str(here["bus"]))
    if bus is None:
        away = Figure("Bus", "Away", note="Streams follow the log: slower, and complete.", tone="warn")
        idle = Figure("Bus", "Idle", note="This process carries no stream, so it listens to nothing.")
        heard = away if streams else idle
    else:
        heard = Figure("Bus", bus, note=f"{count(int(here['subscriptions']))} subscriptions")
    return Processes([Figure("Open streams", count(streams)), heard, _pulse("worker"), _pulse("beat")])


async def _look() -> dict[str, int | float | str]:
    return get_hub().status()


def _pulse(kind: str) -> Figure:
    quiet, label = silence(kind), kind.capitalize()
    if quiet is None:
        return Figure(label, "Never seen", note=f"Start manage.py {kind}.", tone="danger")
    # Three pulses missed, and a little patience, as /ready counts it.
    late = quiet > timedelta(seconds=settings.RUN_SWEEP_SECONDS * 3 + 5)
    said = f"Last heard of {duration(quiet.total_seconds())} ago."
    return Figure(label, "Silent" if late else "Alive", note=said, tone="danger" if late else "good")
