"""The suppliers' side: webhook receivers that fail as often as told, verify signatures and count effects by id."""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

GONE: Final = "gone"
TRAP: Final = "trap"
DEAF_SECONDS: Final = 3.0
DRIP_SECONDS: Final = 0.1
DRIPS: Final = 300
CHUNK: Final = b"x" * 65_536
CHUNKS: Final = 800
LONG_HEADER: Final = 200_000
INSIDE: Final = "http://169.254.169.254/latest/"


class Mood(StrEnum):
    """How receivers answer."""

    USUAL = "usual"
    DEAF = "deaf"
    FAILS = "fails"
    REDIRECTS = "redirects"
    DRIPS = "drips"
    HUGE = "huge"


@dataclass(slots=True)
class Receiver:
    """What came, on 127.0.0.1. `fail` is the share of requests that it answers with an error or not at all.

    Below the path GONE it answers 410; what reaches the path TRAP has followed a redirect.
    """

    fail: float = 0.0
    seed: int = 1
    slow_seconds: float = 0.0
    mood: Mood = Mood.USUAL
    secrets: dict[str, str] = field(default_factory=dict[str, str])
    """Secret by path: each endpoint posts to a path of its own."""
    effects: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """What took effect, by webhook-id."""
    effect_at: dict[str, float] = field(default_factory=dict[str, float])
    """When it did, in seconds since the epoch."""
    seen: Counter[str] = field(default_factory=Counter[str])
    """How often each id was answered with success."""
    requests: int = 0
    failures: int = 0
    forged: int = 0
    followed: int = 0
    """Requests that came by way of a redirect."""
    streamed: int = 0
    """Bytes of long bodies that were taken off our hands."""
    port: int = 0
    _runner: web.AppRunner | None = None
    _rng: random.Random = field(default_factory=random.Random)

    async def start(self) -> "Receiver":
        """Listen on a free port."""
        self._rng = random.Random(self.seed)
        app = web.Application(client_max_size=64_000)
        app.router.add_route("*", f"/{TRAP}", self._trap)
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, shutdown_timeout=0.5)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def address(self, path: str) -> str:
        """The URL of an endpoint."""
        return f"http://127.0.0.1:{self.port}/{path}"

    async def _trap(self, _request: web.Request) -> web.Response:
        self.followed += 1
        return web.Response(status=204)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        path = request.match_info["path"]
        if path.startswith(f"{GONE}/"):
            return web.Response(status=410)
        body = await request.read()
        if self.slow_seconds or self.mood is Mood.DEAF:
            await asyncio.sleep(self.slow_seconds or DEAF_SECONDS)
        draw = self._rng.random()
        failing = self.fail if self.mood in (Mood.USUAL, Mood.DEAF, Mood.HUGE) else 1.0
        if draw < failing / 2:  # fails before it takes effect
            return await self._fail(request)
        secret = self.secrets.get(path)
        if secret is not None:
            try:
                Webhook(secret).verify(body, dict(request.headers), json_parse=False)
            except WebhookVerificationError:
                self.forged += 1
                return web.Response(status=401)
        message = request.headers["webhook-id"]
        if message not in self.effects:
            self.effects[message], self.effect_at[message] = json.loads(body), time.time()
        if draw < failing:  # takes effect, and the answer is lost, or is none
            return await self._fail(request, lost=True)
        self.seen[message] += 1
        if self.mood is Mood.HUGE:
            return await self._stream(request, 200, CHUNK, CHUNKS)
        return web.Response(status=204)

    async def _fail(self, request: web.Request, *, lost: bool = False) -> web.StreamResponse:
        self.failures += 1
        match self.mood:
            case Mood.REDIRECTS:
                return self._redirect()
            case Mood.DRIPS:
                return await self._drip(request)
            case Mood.HUGE:
                return await self._huge(request)
            case _:
                if lost:
                    _hang_up(request)
                return web.Response(status=self._rng.choice([500, 503, 429, 400]), text="try again")

    def _redirect(self) -> web.Response:
        """To ourselves, where it is seen, or to where cloud machines keep their secrets."""
        to = self._rng.choice([self.address(TRAP), f"/{TRAP}", INSIDE])
        return web.Response(status=self._rng.choice([301, 302, 303, 307, 308]), headers={"Location": to})

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        """A byte now and then: of the head, or of the body of an error."""
        if self._rng.random() < 0.5:  # noqa: PLR2004 - half of the time
            transport = request.transport
            head = b"HTTP/1.1 500 Internal Server Error\r\nX-Slow: " + b"x" * DRIPS
            for at in range(len(head)):
                if transport is None or transport.is_closing():
                    break
                transport.write(head[at : at + 1])
                await asyncio.sleep(DRIP_SECONDS)
            _hang_up(request)
            return web.Response(status=500)
        return await self._stream(request, 500, b"x", DRIPS, DRIP_SECONDS)

    async def _huge(self, request: web.Request) -> web.StreamResponse:
        """A head that is too long, or an error with a body of 50 MB."""
        if self._rng.random() < 0.5:  # noqa: PLR2004 - half of the time
            return web.Response(status=500, headers={"X-Long": "x" * LONG_HEADER})
        return await self._stream(request, 500, CHUNK, CHUNKS)

    async def _stream(
        self, request: web.Request, status: int, part: bytes, times: int, pause: float = 0.0
    ) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        with contextlib.suppress(ConnectionError):
            await response.prepare(request)
            for _ in range(times):
                await response.write(part)
                self.streamed += len(part)
                await asyncio.sleep(pause)
        return response


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
