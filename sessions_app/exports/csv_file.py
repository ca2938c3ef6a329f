"""A transcript as a table, for spreadsheets: a line for each event that says something."""

import csv
import io
import json
from collections.abc import AsyncGenerator, AsyncIterable, Sequence

from sessions_app.events.types import Event
from sessions_app.exports.facts import Facts
from sessions_app.exports.lines import line_of

COLUMNS = ("seq", "time", "kind", "who", "text", "details")
# With one of these a spreadsheet takes what a customer wrote for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
# Without it some spreadsheets read UTF-8 as something else.
BYTE_ORDER_MARK = "\ufeff"


async def chunks(facts: Facts, events: AsyncIterable[Event]) -> AsyncGenerator[str, None]:
    yield BYTE_ORDER_MARK + _row(COLUMNS)
    async for event in events:
        line = line_of(event)
        if line is not None:
            details = json.dumps(line.details, ensure_ascii=False) if line.details else ""
            yield _row((line.seq, line.at.isoformat(), line.kind, safe(line.who), safe(line.text), safe(details)))


def safe(cell: str) -> str:
    """The cell as a text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _row(cells: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
