"""How long a chain of 100,000 entries takes to verify, and one entry to write: `python -m tests.bench.audit_chain`.

Starts a database of its own. Prints figures and asserts nothing about them: what they mean depends on the machine.
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
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--entries", type=int, default=100_000)
    arguments = parser.parse_args()
    with ExitStack() as servers:
        folder = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="handrail-bench-")))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{folder / 'handrail.sqlite3'}",
            "REDIS_URL": "",
        }
        if arguments.db == "postgres":
            postgres = TestPostgres(folder / "postgres")
            servers.callback(postgres.stop)
            environment["DATABASE_URL"] = postgres.start()
        words = [sys.executable, "-m", "tests.bench.measure_audit", arguments.db, str(arguments.entries)]
        # A process of its own, because settings are read from the environment at import.
        return subprocess.run(words, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
