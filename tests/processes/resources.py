"""What a process uses, as the kernel and the database tell it."""

from pathlib import Path

from django.db import connection

from tests.servers.processes import Process


def threads(process: Process) -> int:
    return _status(process, "Threads")


def resident_megabytes(process: Process) -> float:
    return _status(process, "VmRSS") / 1024


def database_connections(process: Process, application: str) -> int:
    """On PostgreSQL those that carry this application name, on SQLite the open descriptors of the file."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return sum(_target(link) == name for link in Path(f"/proc/{process.pid}/fd").iterdir())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [application])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _status(process: Process, field: str) -> int:
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0])
    raise AssertionError(f"There is no {field}.")


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""
