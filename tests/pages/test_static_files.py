"""The files of the pages, as they are collected for production."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

STATEMENT = r"""^\s*(?:import\s*|(?:import|export)\b[^"'`;(=]*\bfrom\s*)["'](?P<static>[^"']+)["']"""
IMPORT = re.compile(STATEMENT + r"""|\bimport\(\s*["'](?P<dynamic>[^"']+)""", re.MULTILINE)
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
OURS = Path(settings.BASE_DIR) / "sessions_app" / "static" / "handrail"


def imports(module: Path) -> list[str]:
    return [found["static"] or found["dynamic"] for found in IMPORT.finditer(module.read_text())]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static_files.HashedStaticFiles"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder


def test_every_file_has_a_name_that_changes_with_its_content(collected: Path) -> None:
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    ours = {name: hashed for name, hashed in paths.items() if name.startswith("handrail/") and "." in name}
    assert ours
    assert [hashed for hashed in ours.values() if not HASHED.search(hashed)] == []
    assert staticfiles_storage.url("handrail/session-stream.js") == f"/static/{ours['handrail/session-stream.js']}"


def test_every_import_of_a_module_is_of_a_hashed_name_that_exists(collected: Path) -> None:
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    checked = 0
    for hashed in (hashed for name, hashed in paths.items() if name.startswith("handrail/") and name.endswith(".js")):
        module = collected / hashed
        for imported in imports(module):
            assert HASHED.search(imported), f"{hashed} imports {imported}"
            assert (module.parent / imported).exists(), f"{hashed} imports {imported}"
            checked += 1
    assert checked == sum(len(imports(module)) for module in OURS.rglob("*.js"))
    assert checked > 0


def test_a_module_is_imported_relatively_with_a_semicolon_and_names_no_source_map() -> None:
    for module in OURS.rglob("*.js"):
        text = module.read_text()
        assert "sourceMappingURL" not in text, module
        assert [name for name in imports(module) if not name.startswith(("./", "../"))] == [], module
        assert re.findall(STATEMENT + "(?!;)", text, re.MULTILINE) == [], module
        # A name that is made while running cannot be rewritten.
        assert re.findall(r"\bimport\((?![\"'])", text) == [], module


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    """Their hashes would never settle."""

    def descend(module: Path, above: tuple[Path, ...]) -> None:
        assert module not in above, " → ".join(path.name for path in (*above, module))
        for imported in imports(module):
            descend((module.parent / imported).resolve(), (*above, module))

    for module in OURS.rglob("*.js"):
        descend(module.resolve(), ())


def test_our_files_are_found_where_they_lie_without_collecting() -> None:
    assert finders.find("handrail/session-stream.js") == str(OURS / "session-stream.js")
