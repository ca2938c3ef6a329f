"""An event of an agent's put into a house's log, as its worker would: for what the demo's agents never say."""

import json
import subprocess
import sys
from typing import Any

from django.conf import settings

from tests.browser.house import House
from tests.servers.processes import environment

RECORD = """
import django, json, sys
django.setup()
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Session
session, type, data = json.loads(sys.argv[1])
record(Session.objects.get(name=session), EventType(type), data)
"""


def tell(house: House, session: str, type: str, **data: Any) -> None:
    """In a process of its own: the ORM refuses to work in a thread that drives a browser."""
    done = subprocess.run(
        [sys.executable, "-c", RECORD, json.dumps([session, type, data])],
        cwd=settings.BASE_DIR,
        env=environment(**house.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
