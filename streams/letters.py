"""Dead letters as they lie on their topic: taken apart, mended, and made ready to be sent again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic_core import from_json

from schemas.codec import Poison, decode
from schemas.envelope import ONE, Envelope
from schemas.errors import InvalidInputError
from streams.publish import Outgoing, outgoing

PREFIX = "dl-"


class Stored(Protocol):
    """A record of the topic dead-letters."""

    @property
    def offset(self) -> int:
        """Its place."""
        ...

    @property
    def key(self) -> bytes | None:
        """Names the letter."""
        ...

    @property
    def value(self) -> bytes | None:
        """The bytes of the bad record."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """What was said of it, then its own headers."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A record that was set aside. `name` is where it lies: `topic:partition:offset`."""

    name: str
    topic: str
    code: str
    reason: str
    at: float
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    def again(self) -> Outgoing:
        """The record as it came. InvalidInputError: it had no value, which no event is."""
        if self.value is None:
            msg = f"{self.name} is a tombstone: it would be set aside again"
            raise InvalidInputError(msg, hint="Fix it: give the event that was meant.")
        return Outgoing(self.topic, self.key or b"", self.value, self.headers)

    def mended(self, value: bytes) -> Outgoing:
        """A record of the same topic with a value that can be read. InvalidInputError: this one cannot either."""
        event = _event(value)
        if event.kind.topic != self.topic:
            msg = f"{event.kind.name} belongs on {event.kind.topic}; the letter came from {self.topic}"
            raise InvalidInputError(msg, hint="Publish it with `peyvand publish` instead.")
        record = outgoing(event)
        found = decode(_Plain(record.topic, record.key, record.value, record.headers))
        if isinstance(found, Poison):
            msg = f"the corrected value cannot be read: {found.reason}"
            raise InvalidInputError(msg)
        return record


@dataclass(frozen=True, slots=True)
class _Plain:
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


def letter_of(record: Stored) -> Letter:
    """Take a record of dead-letters apart."""
    said: dict[str, bytes] = {}
    own: list[tuple[str, bytes]] = []
    for name, raw in record.headers:
        if name.startswith(PREFIX) and name not in said and not own:
            said[name] = raw or b""
        else:
            own.append((name, raw or b""))
    text = {name: raw.decode("utf-8", "replace") for name, raw in said.items()}
    tombstone = text.get("dl-value") == "null"
    topic, partition, offset = text.get("dl-topic", "?"), text.get("dl-partition", "?"), text.get("dl-offset", "?")
    return Letter(
        name=f"{topic}:{partition}:{offset}",
        topic=topic,
        code=text.get("dl-code", "unknown"),
        reason=text.get("dl-reason", ""),
        at=_number(text.get("dl-at", "0")),
        key=said.get("dl-key"),
        value=None if tombstone else record.value,
        headers=tuple(own),
    )


def _event(value: bytes) -> Envelope:
    try:
        from_json(value)
        return ONE.validate_json(value)
    except ValueError as error:
        errors: Any = getattr(error, "errors", None)
        first = errors(include_url=False, include_input=False)[0] if errors else None
        where = ".".join(str(part) for part in first["loc"]) if first else ""
        said = f"{where}: {first['msg']}" if first else str(error)
        msg = f"the corrected value is no event: {said}"
        raise InvalidInputError(msg, hint="It is a CloudEvent as JSON; see docs/specs.") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
