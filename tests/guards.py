"""The triggers that keep the audit history, taken away for a moment: to empty the tables, or to tamper with them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("sessions_app_auditentry", "sessions_app_auditchain")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """They are there again at the end, as whichever migration has made them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What was put off to the end of a transaction is in the way of ALTER TABLE.
            connection.check_constraints()
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)", TABLES
            )
            triggers = cursor.fetchall()
            # What was put off to the end of a transaction is in the way of ALTER TABLE.
            connection.check_constraints()
            before = [f"DROP TRIGGER {name}" for name, _ in triggers]
            after = [sql for _, sql in triggers]
        for statement in before:
            cursor.execute(statement)
        try:
            yield
        finally:
            if connection.vendor == "postgresql":
                connection.check_constraints()
            for statement in after:
                cursor.execute(statement)
