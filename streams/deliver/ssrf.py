"""No webhook reaches into private networks: every address a name has is checked, and the checked one is connected.

Checked at each attempt: a name may point elsewhere tomorrow. Redirects are never followed and no proxy is used.
"""

import asyncio
import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from schemas.errors import InvalidInputError
from schemas.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORBIDDEN: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "::1/128", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32",
        "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


class ForbiddenAddressError(OSError):
    """A name points to an address that webhooks may not reach. An OSError, as aiohttp expects of a resolver."""


def forbidden(address: str) -> bool:
    """Whether an IP address is private, local, reserved, multicast, or a disguise of such a one."""
    ip: Address = ipaddress.ip_address(address.partition("%")[0])
    return any(ip in network for network in FORBIDDEN if network.version == ip.version) or not ip.is_global


def check_url(url: str, settings: Settings) -> None:
    """InvalidInputError when a webhook may not have this address, as far as that shows without resolving its name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None:
        msg = "The address of a webhook may not carry a user or password."
        raise InvalidInputError(msg, hint="The signature tells who sends.")
    if settings.webhook_allow_private:
        return
    if parts.scheme != "https":
        msg = f"Webhooks are sent by https only, not {parts.scheme or 'without a scheme'}."
        raise InvalidInputError(msg)
    ports = {int(port) for port in settings.webhook_ports.split()}
    port = parts.port or 443
    if port not in ports:
        msg = f"Port {port} is not open to webhooks; {', '.join(map(str, sorted(ports)))} are."
        raise InvalidInputError(msg)
    try:
        literal = forbidden(host)
    except ValueError:
        literal = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    if literal:
        msg = f"{host} is not a public address."
        raise InvalidInputError(msg, hint="Give an address that can be reached from the internet.")


class CheckedResolver(AbstractResolver):
    """Resolves a name once and hands on only addresses that may be connected: all of them, or none."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses of a name. ForbiddenAddressError when one of them may not be reached."""
        loop = asyncio.get_running_loop()
        infos = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        found: list[ResolveResult] = []
        for kind, _, proto, _, place in infos:
            address = str(place[0])
            if not self._allow_private and forbidden(address):
                msg = f"{host} points to {address}, which is not a public address"
                raise ForbiddenAddressError(msg)
            found.append(
                ResolveResult(
                    hostname=host, host=address, port=port, family=kind, proto=proto, flags=socket.AI_NUMERICHOST
                )
            )
        return found

    async def close(self) -> None:
        """Nothing is held."""
