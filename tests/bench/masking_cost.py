"""What masking adds to `record()`: `python -m tests.bench.masking_cost`. On SQLite in memory; figures, no verdict."""

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["DATABASE_URL"] = "sqlite://:memory:"
os.environ["USE_REDIS_SSE"] = "false"

import django

django.setup(set_prefix=False)

from django.core.management import call_command  # noqa: E402

from agents_app.models import Agent  # noqa: E402
from sessions_app.actors import SYSTEM  # noqa: E402
from sessions_app.events import record as module  # noqa: E402
from sessions_app.events.types import EventType  # noqa: E402
from sessions_app.models import Session, Workspace  # noqa: E402
from sessions_app.services.sessions import open_session  # noqa: E402

TIMES = 2000
TEXT = "All work and no play makes a dull day, order 1001. " * 8
EVENTS: dict[str, tuple[EventType, dict[str, Any]]] = {
    "message": (EventType.MESSAGE_COMPLETED, {"message_id": "m", "role": "agent", "author": "demo", "text": TEXT}),
    "result": (
        EventType.TOOL_RESULT,
        {"tool_call_id": "c", "tool_name": "t", "success": True, "result": {"order": {"number": 1001, "item": TEXT}}},
    ),
}


def micros(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e6


def without() -> Any:
    """As if nothing were masked."""
    return patch.multiple(module, mask_texts=lambda value: value, FREE_KEYS=frozenset())


def main() -> None:
    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(name="bench")
    Agent.objects.create(workspace=workspace, name="demo", model="demo", is_default=True)
    session: Session = open_session(workspace, actor=SYSTEM, name="bench")
    for name, (type, data) in EVENTS.items():
        bare, masked = [], []
        # By turns, so that a machine that is busy for a while is so for both.
        for _ in range(TIMES):
            with without():
                bare.append(micros(partial(module.record, session, type, data)))
            masked.append(micros(partial(module.record, session, type, data)))
        before, after = statistics.median(bare), statistics.median(masked)
        sys.stdout.write(f"record() of a {name}: {before:.0f} µs without masking, {after:.0f} µs with it\n")


if __name__ == "__main__":
    main()
