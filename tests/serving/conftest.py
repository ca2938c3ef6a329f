from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.serving.processes import Started, WebProcess


@pytest.fixture
def children() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def serve(children: ExitStack, tmp_path: Path) -> Callable[..., WebProcess]:
    """Start a serving process; keyword arguments are its environment."""

    def start(**environment: str) -> WebProcess:
        return children.enter_context(WebProcess(tmp_path / "web.log", environment))

    return start


@pytest.fixture
def run(children: ExitStack, tmp_path: Path) -> Callable[..., Started]:
    """Start Python with these words; keyword arguments are its environment."""

    def start(*words: str, **environment: str) -> Started:
        return children.enter_context(Started(*words, output=tmp_path / "run.log", environment=environment))

    return start
