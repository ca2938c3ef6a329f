"""The clock by which allowances are counted. It stands still: no test is spread over two minutes."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass
class Clock:
    """Reads twenty seconds past a quarter of an hour, until a test sets it on."""

    time: datetime = datetime(2026, 3, 1, 12, 0, 20, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time
