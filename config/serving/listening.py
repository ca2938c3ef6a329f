"""The listening socket, bound before any process serves on it."""

import errno
import socket

BACKLOG = 1024

REASONS = {
    errno.EADDRINUSE: "the port is already in use",
    errno.EACCES: "this user may not use that port",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


class CannotListen(Exception):
    """The address cannot be served on; the message is one line for a person."""


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen. The socket may be inherited by several processes that accept in turn."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"Cannot serve on {host}:{port}: {error.strerror}.") from error
    try:
        # Restarting must not wait for the last connections' TIME_WAIT; a live listener still conflicts.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        reason = REASONS.get(error.errno or 0, error.strerror)
        raise CannotListen(f"Cannot serve on {host}:{port}: {reason}.") from error
    return listening
