"""A page's files as production serves them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Response

from tests.browser.guard import Guard
from tests.servers.processes import Processes, Web, environment

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture(scope="module")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("production") / "static"


@pytest.fixture(scope="module")
def web(static_root: Path) -> Iterator[Web]:
    """Needs no tables: nobody logs in here."""
    production = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECURE_SSL_REDIRECT": "false",
        "STATIC_ROOT": str(static_root),
        "DATABASE_URL": f"sqlite:///{static_root.parent / 'production.sqlite3'}",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=settings.BASE_DIR, env=environment(**production), check=True)
    processes = Processes(static_root.parent)
    yield processes.web(ready=True, **production)
    processes.close()


def test_every_file_of_a_page_has_a_hashed_name_is_kept_for_ever_and_came_compressed(
    browser: Browser, web: Web, static_root: Path
) -> None:
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    files: list[Response] = []
    guard = Guard(web.url)
    context = browser.new_context(base_url=web.url)
    guard.watch(context)

    def note(response: Response) -> None:
        if "/static/" in response.url:
            files.append(response)

    context.on("response", note)
    page = context.new_page()
    page.goto("/accounts/login/")
    modules = [names[f"handrail/{name}.js"] for name in ("shared-stream", "use-session-stream", "markdown", "chart")]
    page.evaluate("async (names) => { for (const name of names) await import(`/static/${name}`); }", modules)
    assert len(files) > 12
    for file in files:
        assert HASHED.search(file.url), file.url
        headers = file.all_headers()
        assert "immutable" in headers["cache-control"], file.url
        assert headers["access-control-allow-origin"] == "*"
        if len(file.body()) > 2_000:
            assert headers["content-encoding"] == "gzip", file.url
    context.close()
    guard.check()
