"""A supplier's side: a webhook receiver that fails as often as told, verifies signatures and counts effects by id."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


@dataclass(slots=True)
class Receiver:
    """What came, on 127.0.0.1. `fail` is the share of requests that it answers with an error or not at all."""

    fail: float = 0.0
    seed: int = 1
    slow_seconds: float = 0.0
    secrets: dict[str, str] = field(default_factory=dict[str, str])
    """Secret by path: each endpoint posts to a path of its own."""
    effects: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """What took effect, by webhook-id."""
    seen: Counter[str] = field(default_factory=Counter[str])
    """How often each id was answered with success."""
    requests: int = 0
    failures: int = 0
    forged: int = 0
    port: int = 0
    _runner: web.AppRunner | None = None
    _rng: random.Random = field(default_factory=random.Random)

    async def start(self) -> "Receiver":
        """Listen on a free port."""
        self._rng = random.Random(self.seed)
        app = web.Application(client_max_size=64_000)
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

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        body = await request.read()
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        draw = self._rng.random()
        if draw < self.fail / 2:  # fails before it takes effect
            self.failures += 1
            return web.Response(status=self._rng.choice([500, 503, 429, 400]), text="try again")
        secret = self.secrets.get(request.match_info["path"])
        if secret is not None:
            try:
                Webhook(secret).verify(body, dict(request.headers), json_parse=False)
            except WebhookVerificationError:
                self.forged += 1
                return web.Response(status=401)
        message = request.headers["webhook-id"]
        self.effects.setdefault(message, json.loads(body))
        if draw < self.fail:  # takes effect, and the answer is lost
            self.failures += 1
            if request.transport is not None:
                request.transport.close()
            return web.Response(status=500)
        self.seen[message] += 1
        return web.Response(status=204)
