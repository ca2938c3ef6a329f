"""Records events at an even pace and reports when: `python -m tests.bench.publisher SESSION-ID RATE SECONDS`."""

import json
import sys
import time

import django

django.setup(set_prefix=False)

from sessions_app.events.record import record  # noqa: E402
from sessions_app.events.types import EventType  # noqa: E402
from sessions_app.models import Session  # noqa: E402

# As long as an ordinary answer.
TEXT = "All work and no play makes a dull day. " * 8


def publish(session_id: str, rate: float, seconds: float) -> list[tuple[int, float, float]]:
    """Each event's seq, the moment `record` was called, and the moment it returned."""
    session = Session.objects.get(pk=session_id)
    moments = []
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        before = time.time()
        data = {"message_id": str(number), "role": "system", "author": "bench", "text": TEXT}
        event = record(session, EventType.MESSAGE_COMPLETED, data)
        moments.append((event.seq or 0, before, time.time()))
    return moments


if __name__ == "__main__":
    sys.stdout.write(json.dumps(publish(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))))
