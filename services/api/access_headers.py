"""Headers that tell browsers and caches what an answer is not for, and which pages of other hosts may ask."""

from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.settings import Settings
from services.api.docs_page import ASSETS, PAGE

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Of an answer that is data: it loads nothing and stands in no frame."""
DOCUMENTATION: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""Of the page of the API's documentation, whose few lines of script stand in it; it shows nothing that others wrote."""
PAGES: Final = {PAGE: DOCUMENTATION}
"""Content-Security-Policy of pages; all else is data. A page that is added needs its own."""
LIFETIME: Final = 31_536_000
METHODS: Final = ("GET", "POST", "PUT", "DELETE")
ASKED: Final = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID")
EXPOSED: Final = ("ETag", "Location", "Retry-After", "Idempotency-Replayed", "WWW-Authenticate")


class Headed:
    """ASGI middleware that adds them; what a route has set itself stands."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._https = settings.public_url.startswith("https://")
        self._shared = "cross-origin" if settings.cors_origins else "same-origin"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to its answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, headed)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", PAGES.get(path, NOTHING))
        headers.setdefault("Cross-Origin-Resource-Policy", self._shared)
        if not path.startswith(ASSETS):  # what is answered depends on who asks
            headers.setdefault("Cache-Control", "no-store")
            headers.add_vary_header("Authorization")
        if self._https:
            headers.setdefault("Strict-Transport-Security", f"max-age={LIFETIME}")


def add_to(app: FastAPI, settings: Settings) -> None:
    """Add the headers, and let pages of the origins in the settings ask; those of no other host."""
    origins = settings.cors_origins.split()
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=ASKED,
            expose_headers=EXPOSED,
            allow_credentials=False,  # a key or token is sent by the page itself; there are no cookies
            max_age=600,
        )
    app.add_middleware(Headed, settings=settings)
