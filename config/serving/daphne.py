"""One serving process: `python -m config.serving.daphne --host 127.0.0.1 --port 8000`, or `--fd N`.

With `--fd` it takes a socket that is already listening, so that several of these can share one.
"""

import argparse
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from daphne.utils import import_by_path
from django.conf import settings
from django.utils.log import configure_logging

from config.serving.listening import listen
from config.serving.server import Server

LINGERING_THREADS_SECONDS = 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.serving.daphne", description=__doc__)
    parser.add_argument("--fd", type=int, help="a listening socket inherited from the parent")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--application", default="config.asgi:application")
    parser.add_argument("--on-drain", default="sessions_app.streaming.hub:begin_drain")
    return parser.parse_args()


def _socket(arguments: argparse.Namespace) -> socket.socket:
    if arguments.fd is not None:
        return socket.socket(fileno=arguments.fd)
    return listen(arguments.host, arguments.port)


def _leave_soon() -> None:
    """End the process even when a view has left a thread behind that never returns."""
    timer = threading.Timer(LINGERING_THREADS_SECONDS, os._exit, (0,))
    timer.daemon = True
    timer.start()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    sys.path.insert(0, str(Path.cwd()))
    arguments = _arguments()
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    application: Any = import_by_path(arguments.application)
    on_drain: Callable[[], None] = import_by_path(arguments.on_drain)
    Server(
        application,
        listening=_socket(arguments),
        on_drain=on_drain,
        drain_seconds=settings.SERVE_DRAIN_SECONDS,
        stall_seconds=settings.STREAM_STALL_SECONDS,
        max_body_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    ).run()
    _leave_soon()


if __name__ == "__main__":
    main()
