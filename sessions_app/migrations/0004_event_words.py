from typing import Any

from django.db import migrations

# Partial, so that chunks of the log that nobody searches cost nothing; cut, because a vector has at most a megabyte.
CREATE = """
CREATE INDEX CONCURRENTLY event_words ON sessions_app_storedevent
USING gin (to_tsvector('simple', left(data ->> 'text', 100000)))
WHERE type IN ('message_completed', 'operator_note')
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS event_words"


def create(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        # What an interrupted attempt has left behind is of no use.
        schema_editor.execute(DROP)
        schema_editor.execute(CREATE)


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    """Words of messages and notes can be searched. Made beside the writers, who need not wait for it."""

    atomic = False

    dependencies = [("sessions_app", "0003_audit_guard")]

    operations = [migrations.RunPython(create, drop)]
