"""Records that cannot be read or written go to `dead-letters`, whole, with where they were and why."""

import hashlib
import time
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from schemas.codec import Headers, Poison
from schemas.errors import PeyvandError
from schemas.events import DEAD_LETTERS
from schemas.topics import LETTER_BYTES
from streams.publish import Outgoing


class Origin(Protocol):
    """A consumed record."""

    @property
    def topic(self) -> str:
        """Name of the topic."""
        ...

    @property
    def partition(self) -> int:
        """Number of the partition."""
        ...

    @property
    def offset(self) -> int:
        """Place in the partition."""
        ...

    @property
    def key(self) -> bytes | None:
        """Raw key."""
        ...

    @property
    def value(self) -> bytes | None:
        """Raw value; None is a tombstone."""
        ...

    @property
    def headers(self) -> Headers:
        """Names and raw values."""
        ...


class TooManyDeadLettersError(PeyvandError):
    """So much is unreadable that this release, or a producer, must be wrong: nothing more is set aside."""

    exit_code = 78
    slug = "too-many-dead-letters"
    title = "Too many records cannot be read"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record and why it is set aside. Its key names its place, so a second copy after a crash is the same letter."""

    origin: Origin
    poison: Poison

    def outgoing(self) -> Outgoing:
        """The record on dead-letters: the bytes as they came, the rest in `dl-` headers before the original ones."""
        o = self.origin
        said = {
            "dl-code": self.poison.code,
            "dl-reason": self.poison.reason,
            "dl-topic": o.topic,
            "dl-partition": str(o.partition),
            "dl-offset": str(o.offset),
            "dl-at": f"{time.time():.3f}",
            "dl-value": "null" if o.value is None else "bytes",
        }
        value = o.value or b""
        if len(value) > LETTER_BYTES:
            said["dl-value"] = f"first {LETTER_BYTES} of {len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()}"
            value = value[:LETTER_BYTES]
        headers = [(name, text.encode()) for name, text in said.items()]
        if o.key is not None:
            headers.append(("dl-key", o.key))
        headers += [(name, raw or b"") for name, raw in o.headers]
        return Outgoing(DEAD_LETTERS, f"{o.topic}:{o.partition}:{o.offset}".encode(), value, headers)


class Limit:
    """Stops the worker when dead letters are more than a share of the last records (a bad deploy)."""

    def __init__(self, share: float, window: int) -> None:
        self._share = share
        self._recent: deque[bool] = deque(maxlen=window)

    def count(self, good: int, dead: int) -> None:
        """Take in a slice; TooManyDeadLettersError when the share is passed over a full window."""
        self._recent.extend([False] * good + [True] * dead)
        found = sum(self._recent)
        if len(self._recent) == self._recent.maxlen and found > self._share * len(self._recent):
            msg = f"{found} of the last {len(self._recent)} records could not be read or written"
            raise TooManyDeadLettersError(
                msg,
                hint="Nothing is lost: the cursor stands before them. Go back to the last release, or raise "
                "PEYVAND_DEAD_LETTER_SHARE if the producer is at fault.",
            )
