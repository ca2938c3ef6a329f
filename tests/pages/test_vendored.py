"""Other people's files are what they published."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = [ROOT / "sessions_app" / "static" / "handrail" / "vendor", ROOT / "tests" / "browser" / "vendor"]


@pytest.mark.parametrize("folder", FOLDERS, ids=["product", "tests"])
def test_every_vendored_file_is_the_listed_one(folder: Path) -> None:
    lines = [line.partition("  ./") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    listed = {name: digest for digest, _, name in lines}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found.pop("SHA256SUMS")
    assert found == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=["product", "tests"])
def test_every_vendored_file_stands_beside_its_licence(folder: Path) -> None:
    scripts = [path for path in folder.iterdir() if path.suffix in (".js", ".css")]
    assert scripts
    assert [path for path in scripts if not (folder / f"{path.name.split('.')[0]}.LICENSE").exists()] == []
