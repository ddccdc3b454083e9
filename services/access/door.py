"""The door: tells who asks, how much they may ask, and keeps what has to be kept. One per process."""

import asyncio
import contextlib
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import structlog

from graph.access import edits, repeats
from graph.driver import Graph
from schemas.errors import PeyvandError
from schemas.settings import Settings
from services.access.errors import ForbiddenError, TooManyRequestsError, UnauthenticatedError
from services.access.keys import PREFIX, KeyRing
from services.access.limits import Buckets, is_loopback, network_of
from services.access.owners import Owners
from services.access.principals import ANONYMOUS, LOCAL, Principal
from services.access.tokens import Tokens
from services.access.trail import EVERY_SECONDS, Trail

log = structlog.get_logger()

TIDY_SECONDS: Final = 30.0
FORGET_SECONDS: Final = 3600.0
MOST_STREAMS: Final = 20
"""Live streams that one principal may hold open at one process."""


@dataclass(frozen=True, slots=True)
class Knock:
    """What a request says of where it comes from: its headers, the network's address, and whether it may change things."""

    authorization: str | None = None
    address: str | None = None
    host: str | None = None
    origin: str | None = None
    writes: bool = False


class Door:
    """What stands between the network and the routes."""

    def __init__(self, settings: Settings, graph: Graph) -> None:
        self.open = settings.access == "open"
        self._anywhere = settings.access_open_anywhere
        self._hosts = {settings.api_host.lower(), _host(urlsplit(settings.public_url).netloc)} - {""}
        self._origins = frozenset(settings.cors_origins.split())
        self._graph = graph
        self.keys = KeyRing(graph)
        self.tokens = Tokens(settings)
        self.owners = Owners(graph)
        self.trail = Trail(graph, settings.audit_days)
        self._known = Buckets(settings.rate_per_second, settings.rate_burst)
        self._unknown = Buckets(settings.anonymous_rate_per_second, settings.anonymous_rate_burst)
        self._streams: dict[str, int] = {}

    async def enter(self, knock: Knock) -> Principal:
        """Who asks.

        UnauthenticatedError: a key or token does not hold. ForbiddenError: a token has no role here, or an open service is
        asked from elsewhere. TooManyRequestsError: too much came from the principal, or too many bad keys from the address.
        """
        if self.open:
            if not self._anywhere:
                self._from_here(knock)
            return LOCAL
        authorization = knock.authorization
        network = network_of(knock.address)
        if not authorization:
            self._count(self._unknown, network)
            return ANONYMOUS
        text = _bearer(authorization)
        if not self.keys.knows(text):
            self._refuse(self._unknown.empty(network))  # whoever guesses does not get to ask the graph for ever
        try:
            found = await (self.keys if text.startswith(PREFIX) else self.tokens).principal(text)
        except (UnauthenticatedError, ForbiddenError):
            self._count(self._unknown, network)
            raise
        self._count(self._known, found.name)
        return found

    def may_stream(self, principal: Principal) -> None:
        """TooManyRequestsError when the principal holds as many live streams as it may."""
        if not self.open and self._streams.get(principal.name, 0) >= MOST_STREAMS:
            msg = f"You hold {MOST_STREAMS} live streams already."
            raise TooManyRequestsError(msg, seconds=60, hint="End some of them.")

    @contextlib.contextmanager
    def streaming(self, principal: Principal) -> Generator[None]:
        """Count one of the principal's live streams while it lasts."""
        name = principal.name
        self._streams[name] = self._streams.get(name, 0) + 1
        try:
            yield
        finally:
            self._streams[name] -= 1
            if not self._streams[name]:
                del self._streams[name]

    async def keep(self) -> None:
        """Write down what waits, and delete what is old; runs until cancelled."""
        tidied = forgotten = time.monotonic()
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.trail.flush()
                now = time.monotonic()
                if now - tidied >= TIDY_SECONDS:
                    tidied = now
                    await self.keys.keep_used()
                    await repeats.forget(self._graph)
                    await edits.forget(self._graph)
                if now - forgotten >= FORGET_SECONDS:
                    forgotten = now
                    await self.trail.forget()
            except PeyvandError as error:
                log.debug("access.waits", error=error.detail)

    async def close(self) -> None:
        """Write down what waits, one last time."""
        try:
            async with asyncio.timeout(TIDY_SECONDS / 10):
                await self.trail.flush()
                await self.keys.keep_used()
        except (PeyvandError, TimeoutError) as error:
            log.warning("access.not-kept", error=str(error))

    def _from_here(self, knock: Knock) -> None:
        """Refuse what does not come from this machine's own programs.

        That is other machines, and pages of other hosts that a browser here shows: by a name that was made to lead to this
        address (DNS rebinding), or by a form of theirs (CSRF).
        """
        host = _host(knock.host)
        if not is_loopback(knock.address) or not (is_loopback(host) or host in self._hosts):
            msg = "This service is open to its own machine only."
            raise ForbiddenError(msg, hint="Its operator can set PEYVAND_ACCESS=keys and give you a key.")
        origin = knock.origin
        if knock.writes and origin is not None and origin not in self._origins and not _is_of(origin, knock.host):
            msg = f"A page of {origin[:200]!r} may not write here."
            raise ForbiddenError(msg, hint="PEYVAND_CORS_ORIGINS names the pages that may.")

    def _count(self, buckets: Buckets, name: str) -> None:
        self._refuse(buckets.take(name))

    @staticmethod
    def _refuse(seconds: int) -> None:
        if seconds:
            msg = "Too much was asked in a short time."
            raise TooManyRequestsError(msg, seconds=seconds, hint=f"Come again in {seconds} s.")


def _bearer(header: str) -> str:
    scheme, _, text = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        msg = "The Authorization header is of no form that is taken here."
        raise UnauthenticatedError(msg, hint="Send Authorization: Bearer <key or token>.", refused=True)
    return text.strip()


def _host(netloc: str | None) -> str:
    """The name in a Host header, or in the network location of an address, without port."""
    try:
        return (urlsplit(f"//{netloc or ''}").hostname or "").lower()
    except ValueError:
        return ""


def _is_of(origin: str, host: str | None) -> bool:
    """Tell whether a page's origin is the host that it asks."""
    return origin.lower().partition("://")[2] == (host or "").lower()
