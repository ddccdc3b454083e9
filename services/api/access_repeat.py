"""Idempotency-Key on writes: a write that is sent again is answered as it was, and not done again.

Source: the IETF draft `draft-ietf-httpapi-idempotency-key-header`: another request under the same key is 422, one whose
first is still under way is 409.
"""

import hashlib
import json
import re
import zlib
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.access import repeats
from graph.driver import Row
from schemas.errors import ConflictError, InvalidInputError, PeyvandError
from services.access.asked import Asked, asked
from services.access.policy import SECRETS
from services.access.principals import Role
from services.api.access import header, is_write
from services.api.deps import Services
from services.api.problems import FieldsError, ProblemError, ProblemResponse, headers_of, problem_of

log = structlog.get_logger()

NAME: Final = b"idempotency-key"
KEY: Final = re.compile(r"[!-~]{1,200}")
KEPT_HEADERS: Final = frozenset({"content-type", "location", "etag"})
MOST_BYTES: Final = 4_000_000
"""What is longer is passed on as it comes, and is not kept."""


class Repeatable:
    """ASGI middleware within the gate: keys are the principal's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or let the request be done and remember its answer."""
        key = header(scope, NAME) if scope["type"] == "http" and is_write(scope) else None
        request = asked()
        if key is None or request.principal.role is Role.ANONYMOUS:
            await self._app(scope, receive, send)
            return
        try:
            await self._repeatable(key, request, scope, receive, send)
        except PeyvandError as error:
            response = ProblemResponse(problem_of(error, scope["path"]), headers_of(error))
            await response(scope, receive, send)

    async def _repeatable(self, key: str, request: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        if not KEY.fullmatch(key):
            hint = "It is 1 to 200 visible ASCII characters, such as a UUID."
            raise FieldsError([ProblemError(detail="This is no such key.", parameter="idempotency-key", hint=hint)])
        services: Services = scope["app"].state.services
        repeat = hashlib.sha256(f"{request.principal.name}\x1f{key}".encode()).hexdigest()
        owner = uuid4().hex
        body = _Body(scope, receive)
        before = await repeats.begin(services.graph, repeat, owner)
        if before is not None:
            request.replayed = True
            await _again(before, body, send)
            return
        request.repeat = lambda: f"{repeat}:{body.fingerprint}"
        answer = _Answer(send)
        try:
            await self._app(scope, body.receive, answer.send)
        except Exception:
            await repeats.drop(services.graph, repeat, owner)
            raise
        await _remember(services, repeat, owner, scope, body, answer)
        await answer.let_go()


class _Body:
    """A request's body, hashed as it is read."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._ended = False
        self._digest = hashlib.sha256()
        for part in (scope["method"].encode(), scope["path"].encode("utf-8", "replace"), scope["query_string"]):
            self._digest.update(hashlib.sha256(part).digest())

    async def receive(self) -> Message:
        """The next message."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._digest.update(message.get("body", b""))
            self._ended = not message.get("more_body", False)
        else:
            self._ended = True
        return message

    async def drain(self) -> None:
        """Read what nobody has read."""
        while not self._ended:
            await self.receive()

    @property
    def fingerprint(self) -> str:
        """Tells one request from another: method, path, query, and the body as far as it was read."""
        return self._digest.hexdigest()


@dataclass(slots=True)
class _Answer:
    """An answer, held back until it is remembered; one that is too long is passed on."""

    _send: Send
    messages: list[Message] = field(default_factory=list[Message])
    size: int = 0
    passed: bool = False

    async def send(self, message: Message) -> None:
        """Take a message of the answer."""
        self.size += len(message.get("body", b""))
        self.messages.append(message)
        if self.passed or self.size > MOST_BYTES:
            self.passed = True
            await self.let_go()

    async def let_go(self) -> None:
        """Send what was held back."""
        while self.messages:
            await self._send(self.messages.pop(0))

    @property
    def status(self) -> int:
        """The answer's status; 500 while there is none."""
        return self.messages[0]["status"] if self.messages else 500


async def _again(before: Row, body: _Body, send: Send) -> None:
    """Answer a request whose key is known. ConflictError, InvalidInputError: it cannot be answered so."""
    if before["state"] == repeats.RUNNING:
        msg = "The first request with this Idempotency-Key is still under way."
        raise ConflictError(msg, hint="Send it again in a moment.")
    await body.drain()
    if before["fingerprint"] != body.fingerprint:
        msg = "Another request was sent with this Idempotency-Key."
        raise InvalidInputError(msg, hint="Take a new key for each write; send a repeated one exactly as it was.")
    if before["body"] is None:
        msg = "This was done; its answer held a secret, which is not kept."
        raise ConflictError(msg, hint="If the secret did not reach you, make a new one.")
    headers = {**json.loads(before["headers"]), "idempotency-replayed": "true"}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    content = zlib.decompress(before["body"])
    await send({"type": "http.response.start", "status": before["status"], "headers": raw})
    await send({"type": "http.response.body", "body": content})


async def _remember(services: Services, repeat: str, owner: str, scope: Scope, body: _Body, answer: _Answer) -> None:
    """Keep what was done; forget what was not. The answer is sent in any case."""
    try:
        if answer.passed or answer.status >= 400:  # noqa: PLR2004 - what was refused was not done
            await repeats.drop(services.graph, repeat, owner)
            return
        await body.drain()
        start: Any = answer.messages[0]
        said = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
        kept = {name: value for name, value in said.items() if name in KEPT_HEADERS}
        content = b"".join(message.get("body", b"") for message in answer.messages[1:])
        route = scope.get("route")
        secret = (scope["method"], getattr(route, "path_format", "")) in SECRETS
        props: Row = {
            "fingerprint": body.fingerprint, "status": answer.status, "headers": json.dumps(kept),
            "body": None if secret else zlib.compress(content),
        }  # fmt: skip
        await repeats.finish(services.graph, repeat, owner, props)
    except PeyvandError as error:
        log.warning("repeat.not-kept", error=error.detail)
