"""Sending records: to Kafka with an idempotent producer, or to memory. Both keep one contract: return when acknowledged."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.codec import STRUCTURED, encode
from schemas.envelope import Envelope
from schemas.errors import PeyvandError, UnavailableError
from schemas.settings import Settings
from schemas.topics import LETTER_BYTES
from streams.security import client_arguments
from streams.signing import HEADER, SIGNED, signer_of

log = structlog.get_logger()


class TooLargeError(PeyvandError):
    """A record that no broker of ours takes; sending it again does not help."""

    status = 413
    exit_code = 2
    slug = "too-large"
    title = "The record is too large"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to send."""

    topic: str
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]] = (("content-type", STRUCTURED.encode()),)
    partition: int | None = None
    """Where it goes; None leaves it to the key, as it has to be but in tests of producers that do otherwise."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where the log keeps a record."""

    topic: str
    partition: int
    offset: int


class Publisher(Protocol):
    """Sends records and returns when all are acknowledged, in the order given."""

    async def send(self, records: Sequence[Outgoing]) -> list[Receipt]:
        """Raises UnavailableError when not all could be sent; sending them again is safe, receivers know the ids."""
        ...


def outgoing(event: Envelope) -> Outgoing:
    """The record of an event."""
    key, value, headers = encode(event)
    return Outgoing(event.kind.topic, key, value, headers)


async def publish(publisher: Publisher, events: Iterable[Envelope]) -> list[Receipt]:
    """Send events."""
    return await publisher.send([outgoing(event) for event in events])


@dataclass(slots=True)
class MemoryPublisher:
    """Keeps what was sent; for tests and dry runs."""

    sent: list[Outgoing] = field(default_factory=list[Outgoing])

    async def send(self, records: Sequence[Outgoing]) -> list[Receipt]:
        """Keep the records and number them by topic."""
        receipts: list[Receipt] = []
        for record in records:
            offset = sum(1 for old in self.sent if old.topic == record.topic)
            self.sent.append(record)
            receipts.append(Receipt(record.topic, 0, offset))
        return receipts


class KafkaPublisher:
    """An idempotent producer that is made anew when it has broken for good (aiokafka #1017)."""

    def __init__(self, settings: Settings, *, linger_ms: int = 2, timeout_seconds: float = 30.0) -> None:
        self._settings = settings
        self._linger_ms = linger_ms
        self._timeout = timeout_seconds
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()
        self._signer = signer_of(settings)

    async def start(self) -> None:
        """Connect now rather than at the first record."""
        await self._ready()

    async def stop(self) -> None:
        """Send what is under way, then disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def send(self, records: Sequence[Outgoing]) -> list[Receipt]:
        """Send in order and wait for every acknowledgement."""
        if not records:
            return []
        producer = await self._ready()
        try:
            async with asyncio.timeout(self._timeout):
                waiting = [
                    await producer.send(r.topic, r.value, key=r.key, partition=r.partition, headers=self._headers(r))
                    for r in records
                ]
                done = await asyncio.gather(*waiting)
        except MessageSizeTooLargeError as error:
            largest = max(records, key=lambda record: len(record.value))
            msg = f"a record of {len(largest.value)} bytes for {largest.topic} is larger than Kafka takes"
            raise TooLargeError(msg) from error
        except (KafkaError, TimeoutError, OSError) as error:
            await self._discard(producer)
            msg = f"Kafka at {self._settings.kafka_bootstrap_servers} did not take the records: {error or 'no answer in time'}"
            raise UnavailableError(
                msg, hint="Is the broker running, and do the topics exist (`peyvand topics create`)?"
            ) from error
        return [Receipt(meta.topic, meta.partition, meta.offset) for meta in done]

    def _headers(self, record: Outgoing) -> list[tuple[str, bytes]]:
        """The record's own, and a signature where one counts; one that it has already stays."""
        headers = list(record.headers)
        if self._signer is None or record.topic not in SIGNED or any(name == HEADER for name, _ in headers):
            return headers
        return [*headers, self._signer.header(record.topic, record.key, record.value)]

    async def _ready(self) -> AIOKafkaProducer:
        async with self._lock:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **client_arguments(self._settings),
                    enable_idempotence=True,
                    linger_ms=self._linger_ms,
                    max_batch_size=262_144,
                    max_request_size=LETTER_BYTES + 1_000_000,
                    request_timeout_ms=int(self._timeout * 1000),
                )
                try:
                    await producer.start()
                except (KafkaError, OSError) as error:
                    await producer.stop()
                    msg = f"Kafka at {self._settings.kafka_bootstrap_servers} cannot be reached: {error}"
                    raise UnavailableError(
                        msg, hint="Is it running, and is PEYVAND_KAFKA_BOOTSTRAP_SERVERS right?"
                    ) from error
                self._producer = producer
            return self._producer

    async def _discard(self, broken: AIOKafkaProducer) -> None:
        async with self._lock:
            if self._producer is broken:
                self._producer = None
        try:
            async with asyncio.timeout(2):
                await broken.stop()
        except (KafkaError, TimeoutError, OSError) as error:
            log.info("producer.discarded", error=str(error))
