"""ASGI middleware: a request that is not answered in time gets 503 rather than nothing."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.errors import UnavailableError
from services.api.problems import ProblemResponse, headers_of, problem_of

SECONDS: Final = 12.0
UPLOADS: Final = "/v1/bulk/"
"""What is sent here is as large as a table, and its sender's line may be slow."""
UPLOAD_SECONDS: Final = 600.0


class Deadline:
    """Cancels a request after some seconds."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 503 when the app has not begun to answer in time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False
        uploads = scope["method"] == "POST" and scope["path"].startswith(UPLOADS)
        timeout = asyncio.timeout(max(self._seconds, UPLOAD_SECONDS) if uploads else self._seconds)

        async def watched(message: Message) -> None:
            nonlocal begun
            if not begun:
                begun = True
                timeout.reschedule(None)  # what has begun, such as a stream of news, may last
            await send(message)

        try:
            async with timeout:
                await self._app(scope, receive, watched)
        except TimeoutError:
            if begun:
                raise
            msg = f"Kafka or Neo4j did not answer within {self._seconds:.0f} s."
            error = UnavailableError(
                msg, hint="Try again. A write may have been taken; with its version it is safe to repeat."
            )
            response = ProblemResponse(problem_of(error, scope["path"]), headers_of(error))
            await response(scope, receive, send)
