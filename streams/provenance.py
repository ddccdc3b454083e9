"""Whether records are of whom they say, once signatures are required: the rules of the HTTP door, for Kafka.

An event that no registered producer signed, that bears a source which is not its producer's, or that is not its
producer's to send, goes to dead-letters. Nothing here depends on when a record is read, only on where it lies.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Final

from graph.access.owners import buyers
from graph.access.producers import Places, Producer, producers, required
from graph.driver import Graph
from schemas.codec import Poison
from schemas.demands import DemandAmended, DemandPublished
from schemas.envelope import Envelope
from schemas.roles import BOUND, begins, names_demand, refusal
from streams.deadletters import DeadLetter, Origin
from streams.reading import Read
from streams.signing import HEADER, SIGNED, holds, signature_of

FRESH_SECONDS: Final = 1.0
NOT_SIGNED, BAD_SIGNATURE, UNKNOWN = "not_signed", "bad_signature", "unknown_producer"
FOREIGN_SOURCE, NOT_ALLOWED = "foreign_source", "not_allowed"
CODES: Final = frozenset({NOT_SIGNED, BAD_SIGNATURE, UNKNOWN, FOREIGN_SOURCE, NOT_ALLOWED})
"""Of dead letters that are no fault of this release: whoever can write to a topic could stop the workers by them."""


class Provenance:
    """Knows the producers; asks the graph for them once a second, and again before one counts as unknown."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._since: Places | None = None
        self._producers: dict[str, Producer] = {}
        self._at = float("-inf")

    async def checked(self, slice_: Read) -> Read:
        """The slice without the events that are not of whom they say; these become letters. UnavailableError."""
        if time.monotonic() - self._at > FRESH_SECONDS:
            await self._look()
        if self._since is None:
            return slice_
        signed = [(event, origin) for event, origin in slice_.events if self._must(origin)]
        if any(_producer_id(origin) not in self._producers for _, origin in signed):
            await self._look()
        known = await self._buyers(signed)
        taken: list[tuple[Envelope, Origin]] = []
        letters = list(slice_.letters)
        for event, origin in slice_.events:
            poison = self._why_not(event, origin, known) if self._must(origin) else None
            if poison is None:
                taken.append((event, origin))
                _owned(event, known)
            else:
                letters.append(DeadLetter(origin, poison))
        return Read(taken, letters)

    async def _look(self) -> None:
        self._since = await required(self._graph)
        if self._since is not None:
            self._producers = await producers(self._graph)
        self._at = time.monotonic()

    def _must(self, origin: Origin) -> bool:
        if self._since is None or origin.topic not in SIGNED:
            return False
        return origin.offset >= self._since.get(_place(origin), 0)

    async def _buyers(self, signed: Sequence[tuple[Envelope, Origin]]) -> dict[str, str]:
        """Whose the demands are that bound producers write of."""
        asked: set[str] = set()
        for event, origin in signed:
            producer = self._producers.get(_producer_id(origin))
            demand = names_demand(event.data)
            if producer is not None and producer.role in BOUND and demand is not None:
                asked.add(demand)
        return await buyers(self._graph, sorted(asked)) if asked else {}

    def _why_not(self, event: Envelope, origin: Origin, known: Mapping[str, str]) -> Poison | None:
        header = _header(origin, HEADER)
        signature = signature_of(header)
        if signature is None or _binary(origin):
            said = "is not signed" if header is None else "is not signed as it must be"
            return Poison(
                NOT_SIGNED, f"The record {said}: signed events are in structured mode with the header {HEADER}."
            )
        producer = self._producers.get(signature.producer)
        if producer is None or not producer.counts_at(_place(origin), origin.offset):
            return Poison(UNKNOWN, f"Producer {signature.producer[:100]!r} is not registered, or not at this place.")
        if not holds(producer.public, signature.proof, origin.topic, origin.key or b"", origin.value or b""):
            return Poison(BAD_SIGNATURE, f"The signature is not of producer {producer.id!r}, or not for this record.")
        if producer.source is not None and not begins(event.source, producer.source):
            return Poison(FOREIGN_SOURCE, f"The source {event.source[:200]!r} does not begin with {producer.source!r}.")
        why = refusal(producer.role, producer.subject, event.data, known)
        return Poison(NOT_ALLOWED, f"Producer {producer.id!r} may not send it: {why}.") if why is not None else None


def _owned(event: Envelope, known: dict[str, str]) -> None:
    """Later events of the slice see whose demand this one made it, as they would in another slice."""
    if isinstance(event.data, (DemandPublished, DemandAmended)):
        known.setdefault(event.data.demand.id, event.data.demand.buyer.id)


def _binary(origin: Origin) -> bool:
    """Tell whether parts of the event are in headers, which no signature covers; as schemas.codec.decode sees it."""
    content_type = (_header(origin, "content-type") or b"").lower()
    return _header(origin, "ce_type") is not None and not content_type.startswith(b"application/cloudevents")


def _place(origin: Origin) -> str:
    return f"{origin.topic}:{origin.partition}"


def _producer_id(origin: Origin) -> str:
    signature = signature_of(_header(origin, HEADER))
    return signature.producer if signature is not None else ""


def _header(origin: Origin, name: str) -> bytes | None:
    return next((raw for key, raw in origin.headers if key.lower() == name), None)
