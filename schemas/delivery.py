"""Where and how a supplier wants to be told: endpoints and preferences.

These are records of the graph alone, not events: secrets and addresses must not lie in a log that is kept for ever.
They are outside of the graph's hash and are kept over a rebuild.
"""

import re
from enum import StrEnum
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Id, Line, Model, Name, Version
from schemas.events import BY_MODEL, MATCH_EVENTS, PREFIX, EventType

PING: Final = "endpoint.ping"
_EMAIL: Final = re.compile(r"[^@\s<>,;:\"()\[\]\\\x00-\x1f\x7f]+@[^@\s<>,;:\"()\[\]\\\x00-\x1f\x7f]+\.[^@\s<>,;]+")


def news_name(kind: EventType) -> str:
    """Name of a kind of news outside of Kafka: `match.found` of `ir.peyvand.match.found.v1`."""
    return kind.ce_type.removeprefix(PREFIX).removesuffix(".v1")


NEWS_NAMES: Final[dict[str, str]] = {
    model.__name__: news_name(kind) for model, kind in BY_MODEL.items() if kind.topic == MATCH_EVENTS
}
"""Outside name by the name of the event's model."""

NewsName = Annotated[str, Field(pattern=f"^({'|'.join(re.escape(name) for name in NEWS_NAMES.values())})$")]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class EndpointKind(StrEnum):
    """How an endpoint is reached."""

    WEBHOOK = "webhook"
    EMAIL = "email"


class Endpoint(Model):
    """Where a supplier is told. `address` is a URL or an e-mail address; no `events` means all."""

    kind: EndpointKind
    address: Annotated[str, StringConstraints(min_length=3, max_length=2000, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
    events: list[NewsName] = Field(default_factory=list[str], max_length=20)
    enabled: bool = True
    description: Line | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.kind is EndpointKind.EMAIL:
            if not _EMAIL.fullmatch(self.address):
                msg = f"{self.address!r} is no e-mail address; write it as name@example.com"
                raise ValueError(msg)
            return self
        try:
            parts = urlsplit(self.address)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            msg = f"{self.address!r} is no address of a webhook: {error}"
            raise ValueError(msg) from error
        if parts.scheme not in ("https", "http") or not host:
            msg = f"{self.address!r} is no address of a webhook; write it as https://example.com/path"
            raise ValueError(msg)
        if "@" in parts.netloc:
            msg = "the address of a webhook carries no user or password; the signature tells who sends"
            raise ValueError(msg)
        return self


class Mode(StrEnum):
    """Whether mail is sent for each notice, or once a day for all."""

    INSTANT = "instant"
    DIGEST = "digest"


class QuietHours(Model):
    """No mail between these local times; what falls in between is sent at the end."""

    start: ClockTime
    end: ClockTime


class Preferences(Model):
    """What a supplier wants to hear of. The inbox and `match-events` hold everything whatever is chosen here.

    `classes`, `provinces` and `min_score` choose among match news for every endpoint; `languages`, `mode`, `quiet` and
    `daily_cap` are for people and hold for e-mail. The cap counts new matches, best first.
    """

    version: Version = 1
    classes: list[Id] = Field(default_factory=list[str], max_length=200, description="Product classes, with all below.")
    provinces: list[Name] = Field(default_factory=list[str], max_length=100, description="Where it is to be delivered.")
    min_score: float = Field(default=0.0, ge=0, le=1)
    languages: list[Annotated[str, Field(pattern="^(fa|en)$")]] = Field(
        default_factory=lambda: ["fa", "en"], min_length=1, max_length=2
    )
    mode: Mode = Mode.INSTANT
    quiet: QuietHours | None = None
    daily_cap: Annotated[int, Field(ge=1, le=1000)] | None = None


class DeliveryState(StrEnum):
    """What became of one notice at one endpoint. `suppressed`: not wanted there, see the reason."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
