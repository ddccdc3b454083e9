"""One attempt at one webhook, by Standard Webhooks 1.0.0."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from standardwebhooks.webhooks import Webhook

from graph import clock
from schemas.delivery import NEWS_NAMES, PING
from schemas.errors import InvalidInputError
from schemas.settings import Settings
from streams.deliver.schedule import retry_after_seconds
from streams.deliver.ssrf import CheckedResolver, check_url

MOST_BYTES: Final = 20_000
READ_BYTES: Final = 16_384
CONNECT_SECONDS: Final = 10.0
THROTTLED: Final = frozenset({429, 502, 503, 504})
_LONG: Final = ("criteria", "waiting", "items", "changed")


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt went: `status` None when there was no answer, and why in `error`."""

    ok: bool
    status: int | None
    error: str | None
    seconds: float
    retry_after: float | None = None

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == HTTPStatus.GONE

    @property
    def busy(self) -> bool:
        """Whether the receiver should be left alone for a while."""
        return not self.ok and (self.status is None or self.status in THROTTLED)


class WebhookClient:
    """Sends to endpoints over one pool of connections, which must be closed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def send(self, url: str, secrets: list[str], message_id: str, body: str) -> Answer:
        """POST the body once, signed with every secret. Never raises but on cancellation."""
        started = time.monotonic()
        try:
            check_url(url, self._settings)
            async with self._opened().post(
                url, data=body.encode(), headers=signed(secrets, message_id, body), allow_redirects=False
            ) as response:
                return await _answer(response, started)
        except InvalidInputError as error:
            said = error.detail
        except TimeoutError:
            said = f"no answer within {self._settings.webhook_timeout_seconds:g} s"
        except (aiohttp.ClientError, OSError, ValueError, UnicodeError) as error:
            said = f"{type(error).__name__}: {error}"
        return Answer(ok=False, status=None, error=said[:500], seconds=time.monotonic() - started)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = CheckedResolver(allow_private=self._settings.webhook_allow_private)
            limit = self._settings.deliver_at_once * 2
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=resolver, use_dns_cache=False, limit=limit, keepalive_timeout=5
                ),
                timeout=aiohttp.ClientTimeout(
                    total=self._settings.webhook_timeout_seconds,
                    sock_connect=min(CONNECT_SECONDS, self._settings.webhook_timeout_seconds),
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
                max_line_size=8190,
                max_field_size=8190,
            )
        return self._session


async def _answer(response: aiohttp.ClientResponse, started: float) -> Answer:
    status = response.status
    retry_after = retry_after_seconds(response.headers.get("Retry-After"), clock.now())
    ok = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    error = None
    if not ok:
        text = (await response.content.read(READ_BYTES)).decode("utf-8", "replace").strip()
        error = f"it answered {status}" + (f": {text[:200]}" if text else "")
    response.close()  # whatever more it says is not read
    return Answer(ok, status, error, time.monotonic() - started, retry_after)


def signed(secrets: list[str], message_id: str, body: str) -> dict[str, str]:
    """Headers of an attempt now; one signature per secret, so that receivers may turn theirs over."""
    now = datetime.fromtimestamp(int(clock.now()), UTC)
    signatures = [Webhook(secret).sign(message_id, now, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "Peyvand-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def payload(kind: str, body: str, at: str | None) -> str:
    """The JSON that is sent: `{type, timestamp, data}`. Long lists are left out of what would be too large."""
    data: dict[str, Any] = json.loads(body)
    name = NEWS_NAMES.get(kind, PING)
    text = _dump(name, at, data)
    for field in _LONG:
        if len(text.encode()) <= MOST_BYTES:
            break
        if data.pop(field, None) is not None:
            data["shortened"] = True
            text = _dump(name, at, data)
    return text


def _dump(name: str, at: str | None, data: dict[str, Any]) -> str:
    return json.dumps({"type": name, "timestamp": at, "data": data}, ensure_ascii=False, separators=(",", ":"))
