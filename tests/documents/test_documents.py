"""What the documents promise to list, they list."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from sessions_app.events.types import EventType
from sessions_app.exceptions import DomainError

ROOT = Path(settings.BASE_DIR)
SETTINGS_READ = re.compile(r'env\.\w+\("([A-Z_]+)"')


def _text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("type", EventType)
def test_every_event_type_is_in_the_architecture(type: EventType) -> None:
    assert f"`{type}`" in _text("ARCHITECTURE.md")


def _variables() -> list[str]:
    sources = (ROOT / "config" / "settings").glob("*.py")
    return sorted({name for source in sources for name in SETTINGS_READ.findall(source.read_text())})


@pytest.mark.parametrize("variable", _variables())
def test_every_environment_variable_is_in_the_example_under_its_meaning(variable: str) -> None:
    lines = _text(".env.example").splitlines()
    place = next((place for place, line in enumerate(lines) if re.match(rf"#?{variable}=", line)), 0)
    assert place, f"{variable} is missing"
    assert lines[place - 1].startswith("# ")


def test_the_example_can_be_used_as_it_is() -> None:
    """A comment behind a value would be part of the value."""
    values = [line.partition("=")[2] for line in _text(".env.example").splitlines() if re.match(r"[A-Z_]+=", line)]
    assert values
    assert [value for value in values if "#" in value or value != value.strip()] == []


def test_every_file_the_two_ways_name_exists() -> None:
    paths = re.findall(r"`((?:config|agents_app|sessions_app)/[\w/]+\.py)`", _text("ARCHITECTURE.md"))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_make_target_the_documents_name_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", _text("README.md") + _text("CHANGELOG.md")))
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), re.MULTILINE))
    assert named - targets == set()


def test_every_error_has_a_code_and_a_status_of_its_own_tree() -> None:
    def tree(error: type[DomainError]) -> list[type[DomainError]]:
        return [error, *(deeper for child in error.__subclasses__() for deeper in tree(child))]

    errors = tree(DomainError)
    assert len({error.code for error in errors}) == len(errors)
    assert all(400 <= error.status <= 599 for error in errors)
