"""Where a request comes from, as far as that can be believed."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address, or its network for IPv6, where one household has all of a /64.

    Behind `TRUSTED_PROXIES` proxies of our own, the last of them wrote the last entry of X-Forwarded-For, and so on:
    only so many entries from the end are believed.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "")
    if settings.TRUSTED_PROXIES:
        told = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
        peer = told[-settings.TRUSTED_PROXIES :][0] if told else peer
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Network((address, 64), strict=False))
    return str(address)
