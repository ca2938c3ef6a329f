"""How long the admin's pages take with a million events: `python -m tests.bench.admin_pages`.

Starts a PostgreSQL of its own and fills it. Prints figures and asserts nothing about them: what they mean depends on
the machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.servers.postgres import TestPostgres


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--explain", action="store_true", help="also print how PostgreSQL answers slow queries")
    arguments = parser.parse_args()
    with ExitStack() as servers:
        folder = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="handrail-bench-")))
        postgres = TestPostgres(folder / "postgres")
        servers.callback(postgres.stop)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": postgres.start(),
        }
        # A process of its own, because settings are read from the environment at import.
        words = [sys.executable, "-m", "tests.bench.admin_measure", f"--sessions={arguments.sessions}"]
        words += [f"--rounds={arguments.rounds}", *(["--explain"] if arguments.explain else [])]
        return subprocess.run(words, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
