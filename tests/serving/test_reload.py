"""Which changes restart the development server."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from config.serving.reload import changed_files, source_folders


def test_only_the_folders_of_the_project_are_watched(tmp_path: Path) -> None:
    for name in ("config", "templates", ".venv", ".data", "staticfiles", "tests"):
        (tmp_path / name).mkdir()
    assert [folder.name for folder in source_folders(tmp_path)] == ["config", "templates"]


def test_a_changed_source_file_is_reported_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()

    async def first_change() -> list[str]:
        async with aclosing(changed_files(tmp_path)) as changes:
            report = asyncio.ensure_future(anext(changes))
            number = 0
            # The watch begins at some time after it is asked for, so go on changing until it tells.
            while not report.done():
                number += 1
                (tmp_path / "config" / "notes.txt").write_text(str(number))
                (tmp_path / "config" / "urls.py").write_text(str(number))
                await asyncio.wait({report}, timeout=0.05)
            return await report

    assert asyncio.run(asyncio.wait_for(first_change(), 30)) == ["config/urls.py"]
