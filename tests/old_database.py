"""A database as an earlier release has left it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

OLD = "old"


@pytest.fixture
def old_database(tmp_path: Path) -> Iterator[None]:
    """An empty database beside the suite's, of the same kind."""
    settings = {**connections["default"].settings_dict, "NAME": str(tmp_path / "old.sqlite3")}
    if connection.vendor == "postgresql":
        settings |= {"NAME": f"{connection.settings_dict['NAME']}_old", "OPTIONS": {}}
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {settings['NAME']}")
    connections.settings[OLD] = settings
    # Opened by hand: for a database that it was not told of the test case would refuse.
    connections[OLD].connect()
    yield
    connections[OLD].close()
    del connections[OLD], connections.settings[OLD]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {settings['NAME']}")
