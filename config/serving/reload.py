"""Tell when the project's own source has changed. Only for development: production has no watchfiles."""

import logging
from collections.abc import AsyncGenerator
from pathlib import Path

try:
    import watchfiles
except ImportError:
    CAN_WATCH = False
else:
    CAN_WATCH = True

# It counts changes at INFO; whoever watches says which files they were.
logging.getLogger("watchfiles").setLevel(logging.WARNING)

SUFFIXES = frozenset({".py", ".html", ".js", ".css"})
# Written by the project itself or by its tools, and never the reason for a restart.
NOT_SOURCE = frozenset({"staticfiles", "node_modules", "tests"})


def source_folders(root: Path) -> list[Path]:
    """The folders to watch. Not the root itself: `.venv` and `.data` lie in it."""
    folders = (each for each in root.iterdir() if each.is_dir())
    return sorted(each for each in folders if each.name[0] != "." and each.name not in NOT_SOURCE)


def _is_source(change: "watchfiles.Change", path: str) -> bool:
    return Path(path).suffix in SUFFIXES


async def changed_files(root: Path) -> AsyncGenerator[list[str], None]:
    """Yield the names of files that changed together, each time some do."""
    async for changes in watchfiles.awatch(*source_folders(root), watch_filter=_is_source):
        yield sorted(str(Path(path).relative_to(root)) for _, path in changes)
