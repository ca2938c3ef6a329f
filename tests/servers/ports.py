"""Addresses that stay ours while nobody listens at them."""

import socket


def hold_port(port: int = 0) -> socket.socket:
    """Keep a port of loopback from being given to anybody else for as long as the socket returned is open.

    It does not listen: who connects is refused until a server of ours binds the port too, which needs SO_REUSEADDR.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held
