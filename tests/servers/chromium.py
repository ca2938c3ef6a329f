"""The browser of the page tests. `python -m tests.servers.chromium` installs it where that is possible."""

import os
import shutil
import subprocess
import sys

from tests.servers.missing import Missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
COMMAND = "apt-get update && apt-get install -y --no-install-recommends chromium"
# As root there is no sandbox to be had, and a closed network makes background requests time out.
ARGUMENTS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


def find() -> str:
    """The browser's path."""
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    raise Missing(f"No Chromium here. On Debian, as root: {COMMAND}")


def ensure() -> str:
    """The browser's path, after installing it when this is Debian and we are root."""
    try:
        return find()
    except Missing:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise
    subprocess.run(
        ["sh", "-c", COMMAND],
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    return find()


if __name__ == "__main__":
    try:
        ensure()
    except Missing as error:
        sys.exit(str(error))
