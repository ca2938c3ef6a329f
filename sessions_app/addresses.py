"""Where a request comes from, as far as that can be believed."""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# Some proxies write the client's port behind its address: "203.0.113.7:1111", "[2001:db8::1]:443".
BRACKETED = re.compile(r"\[([^\]]*)\](?::\d+)?")
WITH_PORT = re.compile(r"([\d.]+):\d+")


def address_of(request: HttpRequest) -> str:
    """The client's address, or its network for IPv6, where one household has all of a /64.

    Behind `TRUSTED_PROXIES` proxies of our own, the last of them wrote the last entry of X-Forwarded-For, and so on:
    only so many entries from the end are believed. One that cannot be read counts as the proxy's own address.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "")
    address = _read(peer)
    if settings.TRUSTED_PROXIES:
        told = [entry for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
        address = (_read(told[-settings.TRUSTED_PROXIES :][0]) if told else None) or address
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Network((int(address), 64), strict=False))
    return str(address) if address else peer


def _read(entry: str) -> IPv4Address | IPv6Address | None:
    entry = entry.strip()
    found = BRACKETED.fullmatch(entry) or WITH_PORT.fullmatch(entry)
    try:
        return ip_address(found[1] if found else entry)
    except ValueError:
        return None
