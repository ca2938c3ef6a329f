"""How long from `record()` to a hundred readers' sockets: `python -m tests.bench.publish_latency`.

Starts a Valkey, a database, a web process and a publisher of their own. Prints figures and asserts nothing about them:
what they mean depends on the machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.servers.postgres import TestPostgres
from tests.servers.valkey import TestValkey


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--rate", type=float, default=25, help="events a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--json", default="", help="a file to write the figures to")
    arguments = parser.parse_args()
    with ExitStack() as servers:
        folder = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="handrail-bench-")))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{folder / 'handrail.sqlite3'}",
        }
        if arguments.db == "postgres":
            postgres = TestPostgres(folder / "postgres")
            servers.callback(postgres.stop)
            environment["DATABASE_URL"] = postgres.start()
        valkey = TestValkey(folder / "valkey")
        servers.callback(valkey.stop)
        valkey.start()
        environment["REDIS_URL"] = valkey.url
        options = [f"--{name}={value}" for name, value in vars(arguments).items()]
        # A process of its own, because settings are read from the environment at import.
        words = [sys.executable, "-m", "tests.bench.measure", f"--folder={folder}", *options]
        return subprocess.run(words, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
