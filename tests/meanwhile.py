"""Lets something happen in the middle of a request: after it has read the session, before it reads the events."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from sessions_app.models import StoredEvent

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


@contextmanager
def meanwhile(change: Callable[[], object]) -> Iterator[None]:
    """Run `change` once, just before the first events are read on this connection."""
    pending = [change]

    def execute(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if pending and sql.startswith("SELECT") and f'FROM "{StoredEvent._meta.db_table}"' in sql:
            pending.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
    assert not pending, "Nobody read any events."
