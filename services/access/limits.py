"""Token buckets: how much one principal, or one address, may ask of this process."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

KEPT: Final = 20_000
NETWORK_V6: Final = 64
"""One customer of a network has as many addresses of IPv6 as they like; they count together."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """Holds `burst` requests per name and fills by `rate` a second; a rate of 0 never says no."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str, cost: float = 1.0) -> int:
        """Take what a request costs. 0 when there was enough; else the whole seconds until there is, and nothing is taken."""
        if not self._rate:
            return 0
        bucket = self._filled(name)
        if bucket.left >= cost:
            bucket.left -= cost
            return 0
        return max(1, math.ceil((cost - bucket.left) / self._rate))

    def empty(self, name: str) -> int:
        """As take, but takes nothing."""
        if not self._rate:
            return 0
        left = self._filled(name).left
        return 0 if left >= 1.0 else max(1, math.ceil((1.0 - left) / self._rate))

    def _filled(self, name: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = _Bucket(self._burst, now)
            while len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._rate)
            bucket.at = now
        return bucket


def network_of(address: str | None) -> str:
    """What addresses count together: one of IPv4, a /64 of IPv6; all that is none of these counts as one."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, NETWORK_V6), strict=False))
    return str(found)


def is_loopback(host: str | None) -> bool:
    """Tell whether a host or address is this machine's own."""
    name = (host or "").strip("[]").partition("%")[0].rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
