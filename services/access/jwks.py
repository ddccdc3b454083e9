"""The keys of the issuer of tokens: found, fetched, and kept while they are fresh; old ones serve while it is away."""

import asyncio
import time
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from schemas.errors import InvalidInputError, UnavailableError
from services.access.limits import is_loopback

log = structlog.get_logger()

FRESH_SECONDS: Final = 600.0
STALE_SECONDS: Final = 24 * 3600.0
AGAIN_SECONDS: Final = 10.0
"""Between two fetches for key ids that are unknown: anybody can make tokens with such."""
TIMEOUT: Final = 5.0
MOST_BYTES: Final = 500_000
DISCOVERY: Final = "/.well-known/openid-configuration"
_MALFORMED: Final = (ValueError, KeyError, TypeError, AttributeError)
"""What reading a document of another form ends in."""


class Jwks:
    """Signing keys by their id."""

    def __init__(self, issuer: str, url: str) -> None:
        self._issuer = issuer
        self._url = url
        self._keys: dict[str, PyJWK] = {}
        self._at = float("-inf")
        self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, key_id: str) -> PyJWK | None:
        """The key of this id, or None when the issuer has none. UnavailableError: it cannot be asked."""
        found = self._keys.get(key_id)
        if found is not None and time.monotonic() - self._at <= FRESH_SECONDS:
            return found
        async with self._lock:
            now = time.monotonic()
            wanted = key_id not in self._keys or now - self._at > FRESH_SECONDS
            if wanted and now - self._tried > AGAIN_SECONDS:
                self._tried = now
                await self._fetch(now)
        if time.monotonic() - self._at > STALE_SECONDS:
            msg = f"The keys of {self._issuer} cannot be read."
            raise UnavailableError(msg, hint="Tokens are taken again once they can; API keys are taken meanwhile.")
        return self._keys.get(key_id)

    async def _fetch(self, now: float) -> None:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT) as client:
                url = self._url or await self._discover(client)
                keys = PyJWKSet.from_dict(await _json(client, url)).keys
        except (httpx.HTTPError, httpx.InvalidURL, PyJWTError, InvalidInputError, *_MALFORMED) as error:
            log.warning("oidc.no-keys", issuer=self._issuer, error=f"{type(error).__name__}: {error}")
            return
        self._keys = {key.key_id: key for key in keys if key.key_id and key.public_key_use in (None, "sig")}
        self._at = now
        log.info("oidc.keys", issuer=self._issuer, keys=len(self._keys))

    async def _discover(self, client: httpx.AsyncClient) -> str:
        found = await _json(client, self._issuer.rstrip("/") + DISCOVERY)
        if found["issuer"] != self._issuer:
            msg = f"the discovery document is of {found['issuer']!r}"
            raise ValueError(msg)
        url = str(found["jwks_uri"])
        require_https(url, "jwks_uri of the discovery document")
        return url


def require_https(url: str, what: str) -> None:
    """InvalidInputError unless an address is https, or on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)):
        return
    msg = f"{what} is {url!r}, which anybody on the way could change"
    raise InvalidInputError(msg, hint="Give an https address.")


async def _json(client: httpx.AsyncClient, url: str) -> Any:
    response = await client.get(url, headers={"Accept": "application/json"})
    response.raise_for_status()
    if len(response.content) > MOST_BYTES:
        msg = f"{url} is larger than {MOST_BYTES} bytes"
        raise ValueError(msg)
    return response.json()
