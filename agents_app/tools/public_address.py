"""Where our servers may be sent by a row of the database: not into our own network, unless the installation says so."""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings


class PrivateAddress(Exception):
    """The address is one of our own network."""


async def check_public(url: str) -> None:
    """Raise PrivateAddress when the URL's host has an address that is not public, OSError when it has none.

    A name server that changes its mind between this look and the connection is not guarded against.
    """
    if settings.MCP_ALLOW_PRIVATE_ADDRESSES:
        return
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    for *_, address in found:
        if not ip_address(str(address[0]).partition("%")[0]).is_global:
            raise PrivateAddress
