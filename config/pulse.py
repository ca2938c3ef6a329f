"""A worker's sign of life, from a thread of its own: busy is not dead."""

import logging
import threading

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from sessions_app.services.pulse import beat

logger = logging.getLogger(__name__)


def begin_pulse(name: str) -> None:
    """Say every few seconds, until the process ends, that a process of this kind is alive."""
    threading.Thread(target=_go_on, args=(name,), name=f"{name}-pulse", daemon=True).start()


def _go_on(name: str) -> None:
    pause = threading.Event()
    while True:
        try:
            beat(name)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("No sign of life could be given (%s).", type(error).__name__)
        finally:
            connections.close_all()
        pause.wait(settings.RUN_SWEEP_SECONDS)
